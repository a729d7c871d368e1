package baddiscard

import (
	"context"
	"sync"
	"time"
)

// A worker is stopped by a function in a field.
type worker struct {
	mu     sync.Mutex
	in     chan int
	cancel context.CancelFunc
}

// begin gives the goroutine the parent.
func (w *worker) begin(ctx context.Context) {
	_, cancel := context.WithCancel(ctx) // want "the context of context.WithCancel is discarded: w.cancel stops nobody"
	w.mu.Lock()
	w.cancel = cancel
	w.mu.Unlock()
	go work(ctx, w.in)
}

func (w *worker) started() bool { return w.cancel != nil }

// end calls what begin has kept, once.
func (w *worker) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.started() {
		w.cancel()
	}
	w.cancel = nil
}

// A lease is made by a literal.
type lease struct {
	in   chan int
	stop func()
}

// take sets no end to the work.
func take(ctx context.Context, d time.Duration) *lease {
	_, cancel := context.WithTimeout(ctx, d) // want "the context of context.WithTimeout is discarded: nothing stops after the timeout"
	l := &lease{in: make(chan int), stop: cancel}
	go work(ctx, l.in)
	return l
}

func (l *lease) drop() { l.stop() }

// A box is generic, and its field is set at once.
type box[T any] struct {
	in     chan int
	cancel context.CancelCauseFunc
}

func (b *box[T]) open(ctx context.Context) {
	_, b.cancel = context.WithCancelCause(ctx) // want "the context of context.WithCancelCause is discarded: b.cancel stops nobody"
	go work(ctx, b.in)
}

func (b *box[T]) shut() { b.cancel(nil) }
