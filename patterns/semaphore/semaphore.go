// Copyright (c) 2026, the concurlint authors. BSD 3-Clause License:
// https://github.com/concurlint/concurlint/blob/main/LICENSE

// Package semaphore limits what runs at the same time by what it costs: a number
// of bytes, connections or licences that all share.
//
// A buffered channel does this for costs of one, until somebody forgets to
// release on an error path, releases twice, or waits without a context. And if
// the goroutines are started first and acquire then, only their work is limited,
// not their number. Here, Do and TryDo release what they have acquired, and Each
// acquires before it starts anything.
//
//	           acquire(cost)            ┌─► do(ctx, v) ─► release(cost) ─┐
//	in ──► Each ──► [■■■■□□] ── room? ──┼─► do(ctx, v) ─► release(cost) ─┼──► nil, or the first error
//	                  size              └─► do(ctx, v) ─► release(cost) ─┘
//
// Guarantees:
//
//  1. Limit: the costs of what runs never add up to more than the size, over all
//     users of the semaphore.
//  2. Completeness: a nil error of Each means that do has returned nil once for
//     each value. No goroutine of Each outlives the call, however it ends.
//  3. Order: who waits first is served first. A large cost is not overtaken by
//     small ones, so it cannot starve; it holds them up while it waits. Each
//     starts the calls in the order of the values.
//  4. Cancellation: whoever waits gives up when ctx is done, and gets
//     context.Cause(ctx). A ctx that is done already acquires nothing. Each waits
//     for the running calls, and for a sequence that waits for its own next value:
//     it must itself end when ctx is done.
//  5. Errors: a cost above the size is an error at once, since no release could
//     ever make room for it. The first error of Each cancels the context of all
//     its calls and is returned; later ones come from calls that were told to
//     stop, and are dropped.
//  6. Panics: Do and TryDo release and let a panic pass. Each raises a panic in
//     do, in cost or in the sequence again on the caller's goroutine as a
//     *PanicError with the stack of the original. So the caller's deferred
//     functions run and its recover works. The price is that the panic waits for
//     calls that ignore their context. (errgroup lets the process crash at once,
//     because a caller may never reach Wait; here it always does.)
//     runtime.Goexit, and with it t.FailNow, is passed on too.
//  7. Memory: Each has as many goroutines as calls have run at the same time, and
//     one more. It does not take the next value of in before there is room for
//     the last, so in may be endless. No value costs an allocation; Do allocates
//     only if it has to wait.
//
// Complexity: constant time, about 40 ns for Do if there is room and 0.15 µs for a
// value in Each, however many wait.
//
// Each resumes its sequence from each of its goroutines in turn: do must not
// return with its goroutine locked to its thread (runtime.LockOSThread).
//
// Do not use it if all costs are alike and belong to one loop
// (patterns/workerpool), to protect data (a sync.Mutex), or to limit a rate
// (golang.org/x/time/rate). Do not call Do within Do on the same semaphore: when
// all hold a part and wait for more, none goes on. If you need acquire and release
// in different functions, take golang.org/x/sync/semaphore, and a deferred Release
// right after each Acquire that has succeeded.
//
// Mistakes that it prevents, by the concurlint check that reports them:
//
//	gospawn     a goroutine per input which acquires only when it already runs
//	semrelease  a release left out on some path, done twice, or of another cost
//	goleak      an acquire that waits for ever, deaf to its context
//	wgadd       WaitGroup.Add inside the goroutine, which Wait can overtake
package semaphore

import (
	"context"
	"fmt"
	"iter"
	"math"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Semaphore is a size that its users share. Make one with New; the zero
// Semaphore has no room for anything.
type Semaphore struct {
	size int64

	mu          sync.Mutex // guards the rest
	used        int64      // at most size
	first, last *waiter    // those who wait, in the order in which they came
}

// A waiter is linked into the queue of its Semaphore until there is room for its
// cost, or it has given up.
type waiter struct {
	cost       int64
	prev, next *waiter
	ready      chan struct{} // never closed; gets a token when there is room; capacity 1, so that release need not wait
}

func newWaiter() *waiter { return &waiter{ready: make(chan struct{}, 1)} }

// New returns a semaphore of the given size. It panics if size < 1.
func New(size int64) *Semaphore {
	if size < 1 {
		panic("semaphore: size < 1")
	}
	return &Semaphore{size: size}
}

// Do waits until there is room for cost, calls f, and makes the room free again,
// however f ends. It returns the error of f, or why f was not called. It panics
// if cost < 1.
func (s *Semaphore) Do(ctx context.Context, cost int64, f func(context.Context) error) error {
	if err := s.acquire(ctx, cost, nil); err != nil {
		return err
	}
	defer s.release(cost)
	return f(ctx)
}

// TryDo is Do if there is room for cost at once, and nobody waits for it; else it
// does nothing. It reports whether it has called f.
func (s *Semaphore) TryDo(ctx context.Context, cost int64, f func(context.Context) error) (called bool, err error) {
	if err := s.check(ctx, cost); err != nil {
		return false, err
	}
	if !s.tryAcquire(cost) {
		return false, nil
	}
	defer s.release(cost)
	return true, f(ctx)
}

// check returns why there can never be room for cost.
func (s *Semaphore) check(ctx context.Context, cost int64) error {
	if cost < 1 {
		panic("semaphore: cost < 1")
	}
	if cost > s.size { // it would wait until ctx is done, perhaps for ever
		return fmt.Errorf("semaphore: cost %d is above the size %d", cost, s.size)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func (s *Semaphore) tryAcquire(cost int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first != nil || cost > s.size-s.used { // written so that it cannot overflow
		return false
	}
	s.used += cost
	return true
}

// acquire waits for room, as w if that is not nil, which saves an allocation.
func (s *Semaphore) acquire(ctx context.Context, cost int64, w *waiter) error {
	if err := s.check(ctx, cost); err != nil {
		return err
	}
	if s.tryAcquire(cost) {
		return nil
	}
	if w == nil {
		w = newWaiter()
	}
	w.cost = cost
	s.enqueue(w)
	select {
	case <-w.ready:
	case <-ctx.Done():
		if s.dequeue(w) {
			return context.Cause(ctx)
		}
		<-w.ready // there has been room just now
	}
	if ctx.Err() != nil { // select takes either case when both are ready
		s.release(cost)
		return context.Cause(ctx)
	}
	return nil
}

// enqueue lets w wait behind the others.
func (s *Semaphore) enqueue(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.prev, w.next = s.last, nil
	if s.last == nil {
		s.first = w
	} else {
		s.last.next = w
	}
	s.last = w
	s.admit() // there may be room by now
}

// dequeue takes w out of the queue, and reports whether it was still there.
func (s *Semaphore) dequeue(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(w.ready) > 0 {
		return false
	}
	s.unlink(w)
	s.admit() // those behind w may need less
	return true
}

func (s *Semaphore) release(cost int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used -= cost
	s.admit()
}

// admit gives room to waiters, as long as there is enough for the first.
func (s *Semaphore) admit() {
	for w := s.first; w != nil && w.cost <= s.size-s.used; w = s.first {
		s.used += w.cost
		s.unlink(w)
		w.ready <- struct{}{}
	}
}

func (s *Semaphore) unlink(w *waiter) {
	if w.prev == nil {
		s.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		s.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.prev, w.next = nil, nil
}

// Each calls do for each value of in, when there is room for cost(v), at the same
// time as other calls, and returns the first error after all calls have returned.
// It panics if a cost is < 1.
func Each[T any](ctx context.Context, s *Semaphore, in iter.Seq[T], cost func(T) int64, do func(context.Context, T) error) error {
	c, ctx := newCrew(ctx)
	defer c.cancel(nil) // ends ctx also after a success
	call := func(t task[T]) error {
		defer s.release(t.cost) // after guard, so that after a failure no other call gets the room
		c.guard(func() error { return do(ctx, t.v) })
		return nil
	}
	c.wg.Go(func() { // ends when all calls have
		share(ctx, c, int(min(s.size, math.MaxInt32)), admitted(ctx, c, s, in, cost), call)
	})
	return c.wait(ctx)
}

// A task is a value for which there is room.
type task[T any] struct {
	v    T
	cost int64
}

// admitted ranges over the values of in, and waits for room for each.
func admitted[T any](ctx context.Context, c *crew, s *Semaphore, in iter.Seq[T], cost func(T) int64) iter.Seq[task[T]] {
	return func(yield func(task[T]) bool) {
		w := newWaiter()
		for v := range in {
			t := task[T]{v, cost(v)}
			if err := s.acquire(ctx, t.cost, w); err != nil {
				c.cancel(err)
				return
			}
			if !yield(t) {
				return
			}
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
