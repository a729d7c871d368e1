//go:build proof

package badlost

import (
	"context"
	"errors"
)

var errReal = errors.New("the real error")

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// claim: panic the error is lost
func driveStatement() {
	failed := false
	Statement([]string{"a"}, func(string) error { failed = true; return errReal })
	if failed { // and nothing has said so
		crash("the error is lost")
	}
}

// claim: panic the sum is wrong
func driveCloser() {
	sum := Closer(context.Background(), []string{"a", "b"}, func(ctx context.Context, u string) (int, error) {
		if u == "a" {
			return 0, errReal
		}
		<-ctx.Done()
		return 0, ctx.Err()
	})
	if sum == 0 {
		crash("the sum is wrong")
	}
}
