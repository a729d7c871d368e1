//go:build proof

package fixgroup

import (
	"context"
	"strconv"
	"time"
)

type slow struct{}

// Put takes so long that all tasks that are started live at once.
func (slow) Put(context.Context, string) error {
	time.Sleep(2 * time.Second)
	return nil
}

var ctx = context.Background()

func many() []string {
	keys := make([]string, 1500)
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	return keys
}

func keyed() map[string]int {
	m := make(map[string]int)
	for i, k := range many() {
		m[k] = i
	}
	return m
}

// claim: flood WithContext
func driveWithContext() { _ = WithContext(ctx, slow{}, many()) }

// claim: flood Zero
func driveZero() { _ = Zero(ctx, slow{}, keyed()) }

// claim: flood New
func driveNew() { _ = New(ctx, slow{}, many()) }

// claim: flood TwoKinds
func driveTwoKinds() { _ = TwoKinds(ctx, slow{}, many(), func() error { return nil }) }

// claim: flood Results
func driveResults() { _, _ = Results(ctx, slow{}, many()) }
