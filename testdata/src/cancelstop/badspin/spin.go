// Package badspin has loops that ask where they should wait.
package badspin

import "context"

// Await waits for the context by asking.
func Await(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default: // want "the default case is empty: the loop spins while no other case is ready, and never waits"
		}
	}
}

// First takes the first of two values.
func First(a, b <-chan int) int {
	for {
		select {
		default: // want "the default case is empty: the loop spins"
			continue
		case v := <-a:
			return v
		case v := <-b:
			return v
		}
	}
}

// Forward passes values on and spins in between.
func Forward(in <-chan int, out chan<- int, stop <-chan struct{}) {
	for {
		select {
		case v := <-in:
			out <- v
		case <-stop:
			return
		default: // want "the default case is empty: the loop spins"
			break
		}
	}
}

// Offer tries to send until somebody receives.
func Offer(out chan<- int, v int) {
	done := false
	for !done {
		select {
		case out <- v:
			done = true
		default: // want "the default case is empty: the loop spins"
		}
	}
}

// Block is meant to block forever.
func Block() {
	for {
		select {
		default: // want "the default case is empty and the only one: the loop spins forever"
		}
	}
}
