// Copyright (c) 2026, the concurlint authors. BSD 3-Clause License:
// https://github.com/concurlint/concurlint/blob/main/LICENSE

// Package workerpool calls a function for many inputs on a fixed number of
// goroutines.
//
// ForEach is for a slice, Map for a slice if there are results, and Run for a
// sequence, which may be endless.
//
// One goroutine per input is easy to write and has no bound: ten thousand
// inputs become ten thousand open connections. The usual cure, written by hand,
// takes a channel of jobs, a channel of results, a WaitGroup and a goroutine
// that closes, and each of them can be got wrong. Here nothing is sent: the
// workers take the inputs themselves, from a counter or in turn.
//
//	                      workers goroutines
//	                   ┌── takes ──► do(ctx, v) ─┐
//	in: a slice, or ───┼── takes ──► do(ctx, v) ─┼──► nil, or the first error
//	    a sequence     └── takes ──► do(ctx, v) ─┘
//
// Guarantees:
//
//  1. Completeness: a nil error means that do has returned nil once for each
//     input. No goroutine outlives the call, however it ends.
//  2. Order: the calls of do start in the order of the inputs and end in any
//     order. Map returns the results in the order of the inputs.
//  3. Cancellation: when ctx is done, no further call of do starts, and the
//     result is context.Cause(ctx), which is ctx.Err() unless you set a cause.
//     The running calls are waited for. So is a sequence in Run that waits for
//     its own next value: it must itself end when ctx is done.
//  4. Errors: the first error cancels the context of all calls of do and is
//     returned. Errors after it are dropped: they come from calls that were told
//     to stop. To carry on after an error, make it part of the result.
//  5. Panics: a panic in do, or in the sequence, stops the rest like an error
//     does, and is raised again on the caller's goroutine as a *PanicError with
//     the stack of the original. So the caller's deferred functions run and its
//     recover works, as if it had called do itself. The price is that the panic
//     waits for calls that ignore their context. (errgroup lets the process crash
//     at once, because a caller may never reach Wait; here it always does.)
//     runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: Run takes an input when a worker is free for it. So at most workers
//     inputs are in use, and a slow do slows the sequence down, which may be
//     endless. Map allocates the results. No input costs an allocation.
//
// Complexity: constant time for an input besides do, about 10 ns in ForEach and
// Map and 0.1 µs in Run, and at most workers goroutines, each started once.
//
// Run resumes its sequence from each of its workers in turn. So a worker that
// waits for the sequence is not at do: if the sequence takes its time for each
// value, give Run one worker more. And do must not return with its goroutine
// locked to its thread (runtime.LockOSThread).
//
// Do not use it for a handful of different tasks (patterns/group), for inputs
// that differ much in what they need or for a limit that several callers share
// (patterns/semaphore), for results that are wanted before the input has ended
// (patterns/fanin) or for several steps (patterns/pipeline). If do only
// computes, more than runtime.GOMAXPROCS(0) workers gain nothing; if it takes
// less than a tenth of a microsecond, a plain loop wins.
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

// ForEach calls do for each element of in, at most workers at a time, and
// returns the first error after all calls have returned. It panics if
// workers < 1.
func ForEach[In any](ctx context.Context, workers int, in []In, do func(context.Context, In) error) error {
	if workers < 1 {
		panic("workerpool: workers < 1")
	}
	c, ctx := newCrew(ctx)
	defer c.cancel(nil)    // ends ctx also after a success
	var taken atomic.Int64 // instead of a channel: the inputs are all there, so a counter hands them out
	work := func() error {
		for ctx.Err() == nil {
			i := int(taken.Add(1)) - 1
			if i >= len(in) {
				break
			}
			if err := do(ctx, in[i]); err != nil {
				return err
			}
		}
		return nil
	}
	for range min(workers, len(in)) {
		c.wg.Go(func() { c.guard(work) }) // ends when all inputs are taken, or after a failure
	}
	return c.wait(ctx)
}

// Map calls do for each element of in, at most workers at a time, and returns
// the results in the order of in, or the first error after all calls have
// returned. It panics if workers < 1.
func Map[In, Out any](ctx context.Context, workers int, in []In, do func(context.Context, In) (Out, error)) ([]Out, error) {
	if workers < 1 {
		panic("workerpool: workers < 1")
	}
	c, ctx := newCrew(ctx)
	defer c.cancel(nil)
	var taken atomic.Int64
	out := make([]Out, len(in)) // needs no lock: each element has one writer, and is read after wait
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

// Run calls do for each value of in, at most workers at a time, and returns the
// first error after all calls have returned. It panics if workers < 1.
func Run[In any](ctx context.Context, workers int, in iter.Seq[In], do func(context.Context, In) error) error {
	if workers < 1 {
		panic("workerpool: workers < 1")
	}
	c, ctx := newCrew(ctx)
	defer c.cancel(nil)
	c.wg.Go(func() { // ends when all calls have
		share(ctx, c, workers, in, func(v In) error {
			if ctx.Err() != nil { // in has taken its time for v
				return nil
			}
			return do(ctx, v)
		})
	})
	return c.wait(ctx)
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
