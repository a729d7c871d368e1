//go:build proof

package badreply

import (
	"context"
	"errors"
	"time"
)

// claim: leak Serve
func driveServe() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	Serve(ctx, []string{"a", "b"}, func(string) string { time.Sleep(20 * time.Millisecond); return "" })
}

// claim: leak Counts
func driveCounts() { go Counts([]string{"incr", "reset"}, "k") }

// claim: leak Ask
func driveAsk() {
	Ask("q", func(string) (int, error) { time.Sleep(20 * time.Millisecond); return 1, nil })
}

// claim: leak Dispatch
func driveDispatch() { Dispatch(func() (string, error) { return "m", nil }, func(string) {}) }

// claim: leak Dispatch
func driveDispatchError() {
	n := 0
	Dispatch(func() (string, error) {
		if n++; n == 1 {
			return "m", nil
		}
		return "", errors.New("closed")
	}, func(string) {})
}

// claim: leak Update
func driveUpdate() { go Update(func() error { return nil }) }

// claim: leak Paginate
func drivePaginate() { Paginate(func(n int) page { return page{n: n} }) }

// claim: leak Detach
func driveDetach() { go Detach([]string{"a", "b"}, func(string) bool { return true }) }
