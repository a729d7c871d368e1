// Package goodsource holds the twins of badsource: loops that do not leave their
// source behind.
package goodsource

import (
	"context"
	"iter"
)

// A Source calls yield for each of its values.
type Source[T any] = func(ctx context.Context, yield func(T) bool) error

func send[T any](ctx context.Context, out chan<- T) func(T) bool {
	return func(v T) bool {
		select {
		case out <- v:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// First tells the source to stop.
func First[T any](ctx context.Context, src Source[T], good func(T) bool) (found T) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan T)
	go func() {
		defer close(out)
		src(ctx, send(ctx, out))
	}()
	for v := range out {
		if good(v) {
			return v
		}
	}
	return found
}

// Lookahead takes what is left, as the send has no other way out.
func Lookahead[T any](seq iter.Seq[T], body func(T) error) (err error) {
	out := make(chan T)
	go func() {
		defer close(out)
		seq(func(v T) bool {
			out <- v
			return true
		})
	}()
	for v := range out {
		if err == nil {
			err = body(v)
		}
	}
	return err
}

// Subscribe hands over a function that looks like a yield, but is kept: the others
// call it when something happens.
func Subscribe(on func(topic string, handle func(int) bool), topic string) int {
	events := make(chan int)
	on(topic, func(v int) bool {
		events <- v
		return true
	})
	return <-events
}

// A Bus calls its handler for each event, on a goroutine of its own.
type Bus struct {
	Handle func(func(int) bool) (remove func())
}

// Next waits for an event: what it calls returns something, and so is no iterator.
func (b *Bus) Next() int {
	events := make(chan int, 1)
	remove := b.Handle(func(v int) bool {
		events <- v
		return false
	})
	defer remove()
	return <-events
}
