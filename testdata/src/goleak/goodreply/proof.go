//go:build proof

package goodreply

import (
	"context"
	"errors"
	"time"
)

// claim: none
func driveServe() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	Serve(ctx, []string{"a", "b"}, func(string) string { time.Sleep(20 * time.Millisecond); return "" })
}

// claim: none
func driveCounts() { Counts([]string{"incr", "reset"}, "k") }

// claim: none
func driveAsk() {
	Ask("q", func(string) (int, error) { time.Sleep(20 * time.Millisecond); return 1, nil })
}

// claim: none
func driveDispatch() {
	n := 0
	Dispatch(func() (string, error) {
		if n++; n < 5 {
			return "m", nil
		}
		return "", errors.New("closed")
	}, func(string) {})
}

// claim: none
func driveDispatchError() {
	n := 0
	Dispatch(func() (string, error) {
		if n++; n == 1 {
			return "m", nil
		}
		return "", errors.New("closed")
	}, func(string) {})
}

// claim: none
func driveUpdate() { Update(func() error { return nil }) }

// claim: none
func drivePaginate() { Paginate(func(n int) page { return page{n: n} }) }

// claim: none
func driveDetach() { Detach([]string{"a", "b"}, func(string) bool { return true }) }

// claim: none
func driveResolveAll() { ResolveAll([]string{"a", "b"}) }

// claim: none
func driveGauge() {
	g := NewGauge(3)
	defer g.Stop()
	g.Level(time.Second)
	g.Level(0)
}
