package fixleave

import (
	"context"
	"errors"
)

// produce sends numbers.
func produce(ctx context.Context, limit int, out chan<- int) {
	defer close(out)
	for i := range limit {
		if ctx.Err() != nil {
			return
		}
		out <- i // want "send on out blocks forever"
	}
}

// First starts a function with a context that ends with it.
func First(good func(int) bool) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := make(chan int)
	go produce(ctx, 10, out)
	for n := range out {
		if good(n) {
			return n
		}
	}
	return -1
}

// FirstOf does as well, and asks the context in the end.
func FirstOf(parent context.Context, good func(int) bool) (int, error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	numbers := make(chan int)
	go produce(ctx, 10, numbers)
	for n := range numbers {
		if good(n) {
			return n, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return 0, errors.New("none is good")
}

// feed gets no fix: one of those who start it does not cancel the context.
func feed(ctx context.Context, out chan<- int) {
	for i := 0; ; i++ {
		out <- i // want "send on out blocks forever"
	}
}

// Careful cancels the context of feed.
func Careful(good func(int) bool) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := make(chan int)
	go feed(ctx, out)
	for {
		if n := <-out; good(n) {
			return n
		}
	}
}

// Careless does not.
func Careless(ctx context.Context, good func(int) bool) int {
	out := make(chan int)
	go feed(ctx, out)
	for {
		if n := <-out; good(n) {
			return n
		}
	}
}
