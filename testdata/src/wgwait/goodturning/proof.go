//go:build proof

package goodturning

import (
	"context"
	"errors"
	"time"
)

func nothing() {}

// claim: none
func driveFlusher() { NewFlusher(time.Millisecond, nothing).Close() }

// claim: none
func driveService() {
	s := NewService(nothing)
	go s.Stop()
	s.Wait()
}

// claim: none
func driveFollow() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	Follow(ctx, nothing)
}

// thrice returns a function that fails from the third call on.
func thrice(err error) func() error {
	n := 0
	return func() error {
		if n++; n == 3 {
			return err
		}
		return nil
	}
}

// claim: none
func driveRetry() { Retry(thrice(nil)) }

// claim: none
func driveSelfClosing() { SelfClosing(thrice(errors.New("no"))) }

// claim: none
func drivePair() { Pair(thrice(errors.New("no"))) }

// claim: none
func driveFlagged() { Flagged(nothing, nothing) }

// claim: none
func driveRecovers() { Recovers(thrice(errors.New("no"))) }

// claim: none
func driveRenewed() { Renewed(thrice(errOver)) }

// claim: none
func driveToggled() { Toggled(nil, func(int) {}) }
