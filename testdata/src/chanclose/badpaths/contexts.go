package badpaths

import (
	"context"
	"time"
)

// numbers does not close its result once ctx is done.
func numbers(ctx context.Context, n int) <-chan int {
	out := make(chan int)
	go func() {
		for i := range n {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
		close(out)
	}()
	return out
}

// TimeIsUp is bad: the context ends by itself while the range goes on.
func TimeIsUp(n int, use func(int)) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	for v := range numbers(ctx, n) { // want "is not closed when the goroutine that closes it ends"
		use(v)
	}
}

// CancelledWithin is bad: the loop cancels, and goes on to wait for the close.
func CancelledWithin(n int, enough func(int) bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for v := range numbers(ctx, n) { // want "is not closed when the goroutine that closes it ends"
		if enough(v) {
			cancel()
		}
	}
}

// CancelledElsewhere is bad: another goroutine cancels.
func CancelledElsewhere(n int, wait func(), use func(int)) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		wait()
	}()
	for v := range numbers(ctx, n) { // want "is not closed when the goroutine that closes it ends"
		use(v)
	}
}

// TheCallers is bad: whoever calls may cancel.
func TheCallers(ctx context.Context, n int, use func(int)) {
	ctx = context.WithValue(ctx, struct{}{}, n)
	for v := range numbers(ctx, n) { // want "is not closed when the goroutine that closes it ends"
		use(v)
	}
}
