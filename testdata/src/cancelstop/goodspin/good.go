// Package goodspin has loops that ask again and again, and may.
package goodspin

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// Waits has no default case.
func Waits(ctx context.Context, in <-chan int) int {
	for {
		select {
		case <-ctx.Done():
			return 0
		case n := <-in:
			return n
		}
	}
}

// Yields lets others run.
func Yields(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			runtime.Gosched()
		}
	}
}

// Sleeps waits a little.
func Sleeps(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		time.Sleep(time.Millisecond)
	}
}

// Works has something to do in between.
func Works(stop <-chan struct{}, work func()) {
	for {
		select {
		case <-stop:
			return
		default:
			work()
		}
	}
}

// Before works before it asks.
func Before(stop <-chan struct{}, work func()) {
	for {
		work()
		select {
		case <-stop:
			return
		default:
		}
	}
}

// Swaps waits for another processor, for a moment.
func Swaps(state *atomic.Int32, stop <-chan struct{}) bool {
	for !state.CompareAndSwap(0, 1) {
		select {
		case <-stop:
			return false
		default:
		}
	}
	return true
}

// Until looks at the time.
func Until(deadline time.Time, in <-chan int) (n int) {
	for time.Now().Before(deadline) {
		select {
		case n = <-in:
			return n
		default:
		}
	}
	return n
}

// Tries a few times.
func Tries(in <-chan int) (n int, ok bool) {
	for i := 0; i < 100; i++ {
		select {
		case n = <-in:
			return n, true
		default:
		}
	}
	return 0, false
}

// Drain takes all that is there.
func Drain(in <-chan int) (sum int) {
	for {
		select {
		case n := <-in:
			sum += n
		default:
			return sum
		}
	}
}

// Labelled drains, and leaves by a label.
func Labelled(in <-chan int) (sum int) {
drain:
	for {
		select {
		case n := <-in:
			sum += n
		default:
			break drain
		}
	}
	return sum
}

// Produces makes what it sends, which takes its time.
func Produces(out chan<- int, next func() int, stop <-chan struct{}) {
	for {
		select {
		case out <- next():
		case <-stop:
			return
		default:
		}
	}
}

// Each makes one attempt for each element.
func Each(all []int, out chan<- int) {
	for _, n := range all {
		select {
		case out <- n:
		default:
		}
	}
}
