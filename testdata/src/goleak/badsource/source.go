// Package badsource holds loops over what a function value produces on another
// goroutine. What it is does not matter: it passes its values to yield before it
// returns.
package badsource

import (
	"context"
	"iter"
)

// A Source calls yield for each of its values.
type Source[T any] = func(ctx context.Context, yield func(T) bool) error

// send returns a yield function that sends to out.
func send[T any](out chan<- T) func(T) bool {
	return func(v T) bool {
		out <- v // want "send on out blocks forever"
		return true
	}
}

// First is bad: it leaves the source behind in its next send.
func First[T any](ctx context.Context, src Source[T], good func(T) bool) (found T) {
	out := make(chan T)
	go func() {
		defer close(out)
		src(ctx, send(out))
	}()
	for v := range out {
		if good(v) {
			return v
		}
	}
	return found
}

// Lookahead is bad likewise, with an iterator and a literal.
func Lookahead[T any](seq iter.Seq[T], body func(T) error) error {
	out := make(chan T)
	go func() {
		defer close(out)
		seq(func(v T) bool {
			out <- v // want "send on out blocks forever"
			return true
		})
	}()
	for v := range out {
		if err := body(v); err != nil {
			return err
		}
	}
	return nil
}
