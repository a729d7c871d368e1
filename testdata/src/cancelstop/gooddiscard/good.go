// Package gooddiscard uses the contexts that it derives, or wants nothing but a
// function to call.
package gooddiscard

import (
	"context"
	"time"
)

func work(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// Limit gives the context on.
func Limit(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return work(ctx)
}

// Captured is read by a function literal.
func Captured(parent context.Context) {
	var ctx context.Context
	run := func() error { return work(ctx) }
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	run()
}

// Named returns the context without naming it.
func Named(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	stop = func() { cancel() }
	return
}

// Loop reads the context in the next turn.
func Loop(parent context.Context, n int) {
	ctx, cancel := context.WithCancel(parent)
	for range n {
		work(ctx)
		cancel()
		ctx, cancel = context.WithCancel(parent)
	}
	cancel()
}

// A job needs something to call.
type job struct{ cancel context.CancelFunc }

// placeholder has nothing to cancel yet.
func placeholder() *job {
	_, cancel := context.WithCancel(context.Background())
	return &job{cancel: cancel}
}

// start starts a worker with the context that it returns as well.
func start(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	go work(ctx)
	return ctx, cancel
}

// Started needs no context to stop the worker.
func Started(parent context.Context) {
	_, stop := start(parent)
	defer stop()
}

// wrap does more than cancelling.
func wrap(parent context.Context, log func(string)) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	return ctx, func() {
		log("over")
		cancel()
	}
}

// Wrapped wants what the function does besides.
func Wrapped(parent context.Context, log func(string)) {
	_, stop := wrap(parent, log)
	defer stop()
}

// Value derives a context without a function to cancel it.
func Value(parent context.Context, key any) error {
	ctx := context.WithValue(parent, key, 1)
	return work(ctx)
}

// Both drops both, which go vet reports.
func Both(parent context.Context) {
	_, _ = context.WithCancel(parent)
}

// Kept is read through a field.
type Kept struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// NewKept keeps the context.
func NewKept(parent context.Context) *Kept {
	k := &Kept{}
	k.ctx, k.cancel = context.WithCancel(parent)
	return k
}

// watched starts something under the context that it derives from one of that name.
func watched(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go work(ctx)
	return ctx, cancel
}

// Watched is good: cancel ends what was started.
func Watched(ctx context.Context) error {
	_, cancel := watched(ctx)
	defer cancel()
	return work(ctx)
}

// orElse may start something.
func orElse(ctx context.Context, wait bool) (context.Context, context.CancelFunc) {
	if wait {
		return watched(ctx)
	}
	return context.WithCancel(ctx)
}

// OrElse is good: one of the two does more.
func OrElse(ctx context.Context) error {
	_, cancel := orElse(ctx, true)
	defer cancel()
	return work(ctx)
}
