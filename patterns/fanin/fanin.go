// Copyright (c) 2026, the concurlint authors. BSD 3-Clause License:
// https://github.com/concurlint/concurlint/blob/main/LICENSE

// Package fanin merges what several goroutines produce into one loop, and
// spreads one input over several goroutines.
//
// Merge is for several sources, Map for one source with a function to call on
// several workers, and Tee for one source that several consumers want to see.
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
//	Map:            ┌── takes ──► f(ctx, v) ─┐
//	        in ─────┼── takes ──► f(ctx, v) ─┼──► for out, err := range …
//	                └── takes ──► f(ctx, v) ─┘
//	       (fan-out)                     (fan-in)
//
//	Tee:            ┌──► consumer: for v, err := range …
//	        in ─────┼──► consumer: for v, err := range …
//	                └──► consumer: for v, err := range …
//
// Guarantees:
//
//  1. Completeness: a loop that ends without an error has seen each value once.
//     In Tee that holds for the loop of each consumer. No goroutine outlives the
//     loop, or the call of Tee.
//  2. Order: values of one source keep their order; otherwise there is none, and
//     Map yields results as they come. (In order: patterns/pipeline.) Each
//     consumer of Tee sees the values in the order of in.
//  3. Cancellation: when ctx is done or the loop ends early, the context of all
//     sources and calls is done too. The loop then waits until they have
//     returned. A Source that blocks must therefore watch its context. In Tee, a
//     consumer may leave early, and the others go on; in is told to stop when
//     all have left.
//  4. Errors: the first error cancels the rest and is the last thing that the
//     loop sees, with a zero value; what was ready before it is delivered. When
//     ctx is done, the error is context.Cause(ctx). Errors after the first, or
//     after a break, come from goroutines that were told to stop, and are dropped.
//  5. Panics: a panic in a source, in f or in a consumer stops the rest like an
//     error does, and is raised again in the loop's goroutine as a *PanicError
//     with the stack of the original, also after a break. So the caller's
//     deferred functions run and its recover works. The price is that the panic
//     waits for sources that ignore their context. (errgroup lets the process
//     crash at once, because a caller may never reach Wait; the loop always
//     waits.) runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: at most two values per goroutine, and no allocation for a value. A
//     slow loop body slows the sources down, and a slow consumer the others.
//
// Complexity: constant time for a value, 0.1 to 0.3 µs, in Tee for each consumer
// of it; a goroutine for each source, worker or consumer, and one more.
//
// Map resumes its source from each of its workers in turn. So a worker that waits
// for the source is not at f: if the source takes its time for each value, give Map
// one worker more. And f must not return with its goroutine locked to its thread
// (runtime.LockOSThread).
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
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Source produces values by calling yield for each, on its own goroutine. It
// returns early when yield returns false or ctx is done, then with any error or
// none.
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
		// Its capacity lets each source work on its next value meanwhile.
		merged := make(chan T, len(sources))
		for _, src := range sources {
			c.wg.Go(func() { c.guard(func() error { return src(ctx, sendTo(ctx, merged)) }) }) // ends when src returns
		}
		go func() { // ends after the last source; the loop over merged waits for it
			c.wg.Wait()
			close(merged)
		}()
		deliver(ctx, c, merged, yield)
	}
}

// sendTo returns a yield function that sends to out until ctx is done. It can do
// without a select, because whoever receives from out does so until it is closed.
func sendTo[T any](ctx context.Context, out chan<- T) func(T) bool {
	return func(v T) bool {
		if ctx.Err() != nil {
			return false
		}
		out <- v
		return true
	}
}

// deliver yields the values received from in until it is closed, and after them
// the error of the crew. When yield returns false, or panics, it cancels the crew
// and goes on to receive, so that no send to in blocks for ever.
func deliver[T any](ctx context.Context, c *crew, in <-chan T, yield func(T, error) bool) {
	defer func() { // without effect, unless yield panics
		c.cancel(nil)
		for range in {
		}
	}()
	left := false
	for v := range in {
		if !left && !yield(v, nil) {
			left = true
			c.cancel(nil)
		}
	}
	err := c.wait(ctx) // after a break too, for its panic
	if err != nil && !left {
		var zero T
		yield(zero, err)
	}
}

// Map calls f for the values of in, in workers goroutines, and ranges over the
// results as they come. It panics if workers < 1.
func Map[In, Out any](ctx context.Context, workers int, in Source[In], f func(context.Context, In) (Out, error)) iter.Seq2[Out, error] {
	if workers < 1 {
		panic("fanin: workers < 1")
	}
	return func(yield func(Out, error) bool) {
		c, ctx := newCrew(ctx)
		values := func(yield func(In) bool) {
			if err := in(ctx, yield); err != nil {
				c.cancel(err)
			}
		}
		// results is closed by the goroutine below when the last call has ended. Its
		// capacity lets each worker go on to its next value meanwhile.
		results := make(chan Out, workers)
		c.wg.Go(func() { // ends when all calls have
			defer close(results)
			share(ctx, c, workers, values, func(v In) error {
				out, err := f(ctx, v)
				if err == nil {
					results <- out // cannot block for ever: deliver receives until results is closed
				}
				return err
			})
		})
		deliver(ctx, c, results, yield)
	}
}

// Tee runs all consumers at the same time, each with all values of in, and
// returns the first error after all have returned. A consumer that returns nil
// before its loop has ended just gets no more values.
func Tee[T any](ctx context.Context, in Source[T], consumers ...func(context.Context, iter.Seq2[T, error]) error) error {
	if len(consumers) == 0 {
		return nil
	}
	c, ctx := newCrew(ctx)
	defer c.cancel(nil)
	outs := make([]chan T, len(consumers))
	var present atomic.Int64 // consumers that have not returned
	present.Store(int64(len(consumers)))
	for i, consume := range consumers {
		// out is closed by spread, its only sender. Its capacity lets a consumer be
		// one value behind another.
		out := make(chan T, 1)
		outs[i] = out
		c.wg.Go(func() { // ends when consume has returned and out is closed
			defer func() {
				if present.Add(-1) == 0 {
					c.cancel(errAllLeft)
				}
				for range out { // so that spread does not block for ever
				}
			}()
			c.guard(func() error { return consume(ctx, valuesOf(ctx, out)) })
		})
	}
	c.wg.Go(func() { spread(ctx, c, in, outs) }) // ends when in returns
	if err := c.wait(ctx); err != errAllLeft {
		return err
	}
	return nil
}

// spread sends the values of in to all outs, and closes these.
func spread[T any](ctx context.Context, c *crew, in Source[T], outs []chan T) {
	defer func() { // after guard, so that whoever sees the end sees the error too
		for _, out := range outs {
			close(out)
		}
	}()
	c.guard(func() error {
		return in(ctx, func(v T) bool {
			for _, out := range outs {
				if ctx.Err() != nil {
					return false
				}
				out <- v
			}
			return true
		})
	})
}

// errAllLeft is the context.Cause that the source of Tee sees when no consumer
// wants more.
var errAllLeft = errors.New("fanin: all consumers have returned")

// valuesOf ranges over the values received from ch until it is closed, and after
// them over the reason if ctx is done.
func valuesOf[T any](ctx context.Context, ch <-chan T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v := range ch {
			if !yield(v, nil) {
				return
			}
		}
		if ctx.Err() != nil {
			var zero T
			yield(zero, context.Cause(ctx))
		}
	}
}

// share calls do for the values of in, at most workers at a time, and returns when
// all calls have. A goroutine is started when a value has been taken and nobody
// waits for the next one.
//
// The workers take turns at resuming in, which costs less than a channel from a
// goroutine that ranges over it. It must not be called on the caller's goroutine,
// which may be locked to its thread: a coroutine has to stay where it was made.
func share[T any](ctx context.Context, c *crew, workers int, in iter.Seq[T], do func(T) error) {
	c.guard(func() error {
		next, stop := iter.Pull(keepStack(in))
		defer stop()
		var others sync.WaitGroup
		defer others.Wait() // before stop, and also if do ends by runtime.Goexit
		t := newTurn(workers)
		var work func()
		work = func() {
			c.guard(func() error {
				for ctx.Err() == nil {
					v, ok, another := take(t, next)
					if !ok {
						break
					}
					if another {
						others.Go(work) // ends when in does, or after a failure
					}
					if err := do(v); err != nil {
						return err
					}
				}
				return nil
			})
		}
		work()
		return nil
	})
}

// take returns the next value, if there is one, and reports whether another
// worker should be started.
func take[T any](t *turn, next func() (T, bool)) (v T, ok, another bool) {
	t.lock()
	defer func() { another = t.unlock() }() // also if next panics
	v, ok = next()
	return
}

// A turn is a lock that does not care who is first: a worker that comes back
// early may have it again, before those that sleep. That makes it faster than a
// sync.Mutex when workers are many and their work is short. Whoever sleeps is
// durably blocked, so the pattern works in testing/synctest.
type turn struct {
	mu       sync.Mutex // guards the rest; never held for long
	taken    bool
	missing  int  // workers that have not been started
	sleeping int  // workers that wait
	woken    bool // one of them has been woken and has not come yet
	free     *sync.Cond
}

func newTurn(workers int) *turn {
	t := &turn{missing: workers - 1}
	t.free = sync.NewCond(&t.mu)
	return t
}

func (t *turn) lock() {
	for range 4 { // if in is fast, this takes less time than to sleep and be woken
		if t.tryLock() {
			return
		}
		runtime.Gosched()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.taken {
		t.sleeping++
		t.free.Wait()
		t.sleeping--
		t.woken = false
	}
	t.taken = true
}

func (t *turn) tryLock() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken {
		return false
	}
	t.taken = true
	return true
}

// unlock reports whether another worker should be started.
func (t *turn) unlock() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken = false
	switch {
	case t.woken:
	case t.sleeping > 0:
		t.woken = true
		t.free.Signal()
	case t.missing > 0:
		t.missing--
		return true
	}
	return false
}

// keepStack returns in with its panics as *PanicError, because iter.Pull passes
// on only what panic was called with.
func keepStack[T any](in iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer func() {
			if v := recover(); v != nil {
				panic(newPanicError(v))
			}
		}()
		in(yield)
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
