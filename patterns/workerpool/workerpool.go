// Package workerpool calls a function for many inputs on a fixed number of
// goroutines.
//
// One goroutine per input is easy to write and has no bound: ten thousand
// inputs become ten thousand open connections. The usual cure, written by hand,
// takes a channel of jobs, a channel of results, a WaitGroup and a goroutine
// that closes, and each of them can be got wrong. Run and Map are that cure.
//
//	                jobs         workers goroutines
//	                            ┌─► do(ctx, v) ─┐
//	in ──► Run ──► [ ][ ][ ] ───┼─► do(ctx, v) ─┼──► nil, or the first error
//	                            └─► do(ctx, v) ─┘
//
// Guarantees:
//
//  1. Completeness: a nil error means that do has returned nil once for each
//     input. No goroutine outlives the call, however it ends.
//  2. Order: Run takes the inputs in their order; the calls of do end in any
//     order. Map returns the results in the order of the inputs.
//  3. Cancellation: when ctx is done, no further call of do starts. Run and Map
//     return context.Cause(ctx), which is ctx.Err() unless you set a cause, when
//     the running calls have returned. The range over in is on the caller's
//     goroutine and is never interrupted: a sequence that waits for its next
//     value must itself end when ctx is done.
//  4. Errors: the first error cancels the context of all calls of do and is
//     returned. Errors after it are dropped: they come from calls that were told
//     to stop. To carry on after an error, make it part of the result.
//  5. Panics: a panic in do stops the rest like an error does, and is raised
//     again on the caller's goroutine as a *PanicError with the stack of the
//     original. So the caller's deferred functions run and its recover works,
//     as if it had called do itself. The price is that the panic waits for calls
//     that ignore their context. (errgroup lets the process crash at once,
//     because a caller may never reach Wait; here it always does.)
//     runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: Run has taken at most 2*workers+1 inputs that are not done. When
//     do is slow, so is the range over in, which may therefore be endless. Map
//     allocates the results. Neither allocates for an input.
//
// Do not use it for a handful of different tasks (patterns/group), for inputs
// that differ much in what they need (patterns/semaphore), for results that are
// wanted before the input has ended (patterns/fanin) or for several steps
// (patterns/pipeline). If do only computes, more than runtime.GOMAXPROCS(0)
// workers gain nothing; if it takes less than a microsecond, a plain loop wins.
//
// Mistakes that it prevents, by the concurlint check that reports them:
//
//	gospawn    a goroutine for each input, however many there are
//	chanclose  jobs never closed: the workers wait for the next one for ever
//	wgadd      WaitGroup.Add inside the goroutine, which Wait can overtake
//	wgwait     Done left out on an early return
//	goleak     a feeder that sends jobs for ever to workers that gave up
package workerpool

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Run calls do for each value of in, at most workers at a time, and returns the
// first error after all calls have returned. It panics if workers < 1.
func Run[In any](ctx context.Context, workers int, in iter.Seq[In], do func(context.Context, In) error) error {
	if workers < 1 {
		panic("workerpool: workers < 1")
	}
	c, ctx := newCrew(ctx)
	defer c.stop() // also if in panics

	// jobs is closed by feed, its only sender, when the range over in ends, no
	// matter how. Its capacity is workers, so that a worker that gets free finds
	// its next job there and need not wait until the feeder is scheduled.
	jobs := make(chan In, workers)
	work := func() error {
		for v := range jobs {
			if ctx.Err() != nil {
				return nil // wait returns the cause
			}
			if err := do(ctx, v); err != nil {
				return err
			}
		}
		return nil
	}
	for range workers {
		c.wg.Go(func() { c.guard(work) }) // ends when jobs is closed, or after a failure
	}
	feed(ctx, in, jobs)
	return c.wait(ctx)
}

func feed[In any](ctx context.Context, in iter.Seq[In], jobs chan<- In) {
	defer close(jobs)
	for v := range in {
		select {
		case jobs <- v:
		case <-ctx.Done():
			return
		}
	}
}

// Map calls do for each element of in, at most workers at a time, and returns
// the results in the order of in, or the first error after all calls have
// returned. It panics if workers < 1.
func Map[In, Out any](ctx context.Context, workers int, in []In, do func(context.Context, In) (Out, error)) ([]Out, error) {
	if workers < 1 {
		panic("workerpool: workers < 1")
	}
	c, ctx := newCrew(ctx)
	defer c.stop()              // ends ctx also after a success
	out := make([]Out, len(in)) // needs no lock: each element has one writer, and is read after wait
	var taken atomic.Int64      // instead of a channel: the inputs are all there, so a counter hands them out
	work := func() error {
		for ctx.Err() == nil {
			i := int(taken.Add(1)) - 1
			if i >= len(in) {
				break
			}
			var err error
			if out[i], err = do(ctx, in[i]); err != nil {
				return err
			}
		}
		return nil
	}
	for range min(workers, len(in)) {
		c.wg.Go(func() { c.guard(work) }) // ends when all inputs are taken, or after a failure
	}
	if err := c.wait(ctx); err != nil {
		return nil, err // not out: the caller could not tell which elements are valid
	}
	return out, nil
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

// stop tells the crew to stop and waits until it has.
func (c *crew) stop() {
	c.cancel(nil)
	c.wg.Wait()
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
