// Package fanin merges what several goroutines produce into one loop, and
// spreads one input over several workers whose results it merges.
//
// Merging by hand takes a goroutine per source, a channel, a WaitGroup and a
// goroutine that closes the channel when the last source has ended. And a loop
// that breaks leaves them all behind, blocked on their next send. Here the loop
// owns the goroutines: however it ends, they end first.
//
//	Merge:  source ─┐
//	        source ─┼──► for v, err := range …
//	        source ─┘
//
//	Map:                 ┌─► f(ctx, v) ─┐
//	        in ──► jobs ─┼─► f(ctx, v) ─┼──► for out, err := range …
//	                     └─► f(ctx, v) ─┘
//	       (fan-out)                     (fan-in)
//
// Guarantees:
//
//  1. Completeness: a loop that ends without an error has seen each value once.
//     A loop that breaks, or gets an error, drops at most one value per
//     goroutine, which was already made and not yet delivered.
//  2. Order: values of one source keep their order; otherwise there is none, and
//     Map yields results as they come. (In order: patterns/pipeline.)
//  3. Cancellation: when ctx is done or the loop ends early, the context of all
//     sources and calls is done too. The loop then waits until they have
//     returned. A Source that blocks must therefore watch its context.
//  4. Errors: the first error cancels the rest and is the last thing that the
//     loop sees, with a zero value. When ctx is done, that is context.Cause(ctx).
//     Errors after the first, or after a break, come from goroutines that were
//     told to stop, and are dropped.
//  5. Panics: a panic in a source or in f stops the rest like an error does, and
//     is raised again in the loop's goroutine as a *PanicError with the stack of
//     the original, also after a break. So the caller's deferred functions run
//     and its recover works. The price is that the panic waits for sources that
//     ignore their context. (errgroup lets the process crash at once, because a
//     caller may never reach Wait; the loop always waits.) runtime.Goexit, and
//     with it t.FailNow, is passed on too.
//  6. Memory: one value per goroutine, and no allocation for a value. A slow
//     loop body slows the sources down.
//
// Do not use it for inputs in a slice whose results are wanted together
// (patterns/workerpool: Map) or when one goroutine is fast enough: a plain loop
// over one source after the other needs no merging. Merge starts a goroutine for
// each source, so let their number be one that you chose.
//
// Mistakes that it prevents, by the concurlint check that reports them:
//
//	chanclose   the merged channel closed by one of its senders, or by none
//	wgadd       WaitGroup.Add inside the forwarding goroutine
//	chanpanic   a send on the merged channel after its close
//	goleak      a forwarder blocked on its send, because the loop broke off
//	cancelstop  a source that nothing can stop
package fanin

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// A Source produces values by calling yield for each. It returns early when
// yield returns false or ctx is done, then with any error or none.
//
// It is not an iter.Seq, because a sequence that waits for its next value cannot
// be told to stop. It is an alias, so that packages need not share it.
type Source[T any] = func(ctx context.Context, yield func(T) bool) error

// From returns a source of the values of seq, which should not block.
func From[T any](seq iter.Seq[T]) Source[T] {
	return func(_ context.Context, yield func(T) bool) error {
		seq(yield)
		return nil
	}
}

// Receive returns a source of the values received from ch until it is closed.
func Receive[T any](ch <-chan T) Source[T] {
	return func(ctx context.Context, yield func(T) bool) error {
		for {
			select {
			case v, ok := <-ch:
				if !ok || !yield(v) {
					return nil
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// Merge runs all sources at the same time and ranges over their values.
func Merge[T any](ctx context.Context, sources ...Source[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c, ctx := newCrew(ctx)
		// merged is closed by the goroutine below when its last sender has ended.
		// It has no capacity, so that a source is at most one value ahead.
		merged := make(chan T)
		for _, src := range sources {
			c.wg.Go(func() { c.guard(func() error { return src(ctx, sendTo(ctx, merged)) }) }) // ends when src returns
		}
		go func() { // ends after the last source; the loop over merged waits for it
			c.wg.Wait()
			close(merged)
		}()
		defer func() { // also if the loop body panics
			c.cancel(nil)
			for range merged {
			}
		}()
		for v := range merged {
			if !yield(v, nil) {
				c.cancel(nil)
				c.wait(ctx) // for its panic; nobody is left to take its error
				return
			}
		}
		if err := c.wait(ctx); err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// sendTo returns a yield function that sends to out until ctx is done.
func sendTo[T any](ctx context.Context, out chan<- T) func(T) bool {
	return func(v T) bool {
		if ctx.Err() != nil {
			return false // select could still choose to send
		}
		select {
		case out <- v:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// Map calls f for the values of in, in workers goroutines, and ranges over the
// results as they come. It panics if workers < 1.
func Map[In, Out any](ctx context.Context, workers int, in Source[In], f func(context.Context, In) (Out, error)) iter.Seq2[Out, error] {
	if workers < 1 {
		panic("fanin: workers < 1")
	}
	return func(yield func(Out, error) bool) {
		// jobs is closed by feed, its only sender. It has no capacity: an idle
		// worker waits for it already.
		jobs := make(chan In)
		feed := func(ctx context.Context, _ func(Out) bool) error {
			defer close(jobs)
			return in(ctx, sendTo(ctx, jobs))
		}
		work := func(ctx context.Context, yield func(Out) bool) error {
			for v := range jobs {
				out, err := f(ctx, v)
				if err != nil || !yield(out) {
					return err
				}
			}
			return nil
		}
		all := append(slices.Repeat([]Source[Out]{work}, workers), feed)
		Merge(ctx, all...)(yield)
	}
}

// A crew is the goroutines of one call. They share a context, whose cause is
// the first failure.
type crew struct {
	wg       sync.WaitGroup
	cancel   context.CancelCauseFunc
	panicked atomic.Pointer[PanicError] // the first, if any
}

func newCrew(ctx context.Context) (*crew, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &crew{cancel: cancel}, ctx
}

// guard calls f. If f fails, be it by panic or runtime.Goexit, guard notes it
// and cancels the context of the crew.
func (c *crew) guard(f func() error) {
	returned := false
	defer func() {
		if !returned {
			p := newPanicError(recover())
			c.panicked.CompareAndSwap(nil, p)
			c.cancel(p)
		}
	}()
	err := f()
	returned = true
	if err != nil {
		c.cancel(err)
	}
}

// wait waits for the crew and returns why ctx, its context, was cancelled, if it
// was. A panic outranks an error: it is a bug and must not hide behind one.
func (c *crew) wait(ctx context.Context) error {
	c.wg.Wait()
	if p := c.panicked.Load(); p != nil {
		p.raise()
	}
	return context.Cause(ctx)
}

// A PanicError carries a panic from the goroutine where it happened to the
// goroutine of the caller.
type PanicError struct {
	Value any    // what panic was called with; nil for runtime.Goexit
	Stack []byte // of the goroutine that panicked
}

func newPanicError(v any) *PanicError {
	if p, ok := v.(*PanicError); ok {
		return p // on its way through several goroutines: keep where it began
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}

func (p *PanicError) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns the value of the panic if that is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (p *PanicError) raise() {
	if p.Value == nil { // recover returns nil for runtime.Goexit only
		runtime.Goexit()
	}
	panic(p)
}
