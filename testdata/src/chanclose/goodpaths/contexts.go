package goodpaths

import "context"

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

// Background is good: nothing ends the context.
func Background(n int) (sum int) {
	for v := range numbers(context.Background(), n) {
		sum += v
	}
	return sum
}

type tag struct{}

// WithoutEnd is good: nor one that only carries a value, or is cut off from its parent.
func WithoutEnd(ctx context.Context, n int) (sum int) {
	for v := range numbers(context.WithValue(context.TODO(), tag{}, n), n) {
		sum += v
	}
	for v := range numbers(context.WithoutCancel(ctx), n) {
		sum += v
	}
	return sum
}

// CancelledLater is good: the function cancels when it returns, or once it has received
// everything.
func CancelledLater(n int) (sum int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for v := range numbers(ctx, n) {
		sum += v
	}
	next, stop := context.WithCancel(ctx)
	for v := range numbers(next, n) {
		sum += v
	}
	stop()
	return sum
}

// ErrOfBackground is good: the error of such a context is nil.
func ErrOfBackground(n int) (sum int) {
	ctx := context.Background()
	out := make(chan int)
	go func() {
		for i := range n {
			if ctx.Err() != nil || context.Cause(ctx) != nil {
				return
			}
			out <- i
		}
		close(out)
	}()
	for v := range out {
		sum += v
	}
	return sum
}

// Itself is good: the function that sends cancels, too, when it returns.
func Itself(n int) (sum int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in, done := make(chan int), make(chan bool)
	go func() {
		defer close(done)
		for v := range in {
			sum += v
		}
	}()
	for i := range n {
		select {
		case in <- i:
		case <-ctx.Done():
			return -1
		}
	}
	close(in)
	<-done
	return sum
}
