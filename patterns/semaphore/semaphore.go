// Package semaphore limits what runs at the same time by what it costs: a number
// of bytes, connections or licences that all share.
//
// A buffered channel does this for costs of one, until somebody forgets to
// release on an error path, releases twice, or waits without a context. And if
// the goroutines are started first and acquire then, only their work is limited,
// not their number. Here, Do releases what it has acquired; Each acquires before
// it starts a goroutine.
//
//	           acquire(cost)            ┌─► go do(ctx, v) ─► release(cost) ─┐
//	in ──► Each ──► [■■■■□□] ── room? ──┼─► go do(ctx, v) ─► release(cost) ─┼──► nil, or the first error
//	                  size              └─► go do(ctx, v) ─► release(cost) ─┘
//
// Guarantees:
//
//  1. Limit: the costs of what runs never add up to more than the size, over all
//     users of the semaphore.
//  2. Completeness: a nil error of Each means that do has returned nil once for
//     each value. No goroutine of Each outlives the call, however it ends.
//  3. Order: who waits first is served first. A large cost is not overtaken by
//     small ones, so it cannot starve; it holds them up while it waits.
//  4. Cancellation: whoever waits gives up when ctx is done, and gets
//     context.Cause(ctx). A ctx that is done already acquires nothing.
//  5. Errors: a cost above the size is an error at once, since no release could
//     ever make room for it. The first error of Each cancels the context of all
//     its calls and is returned; later ones come from calls that were told to
//     stop, and are dropped.
//  6. Panics: Do releases and lets a panic pass. Each raises a panic in do again
//     on the caller's goroutine as a *PanicError with the stack of the original.
//     So the caller's deferred functions run and its recover works. The price is
//     that the panic waits for calls that ignore their context. (errgroup lets
//     the process crash at once, because a caller may never reach Wait; here it
//     always does.) runtime.Goexit, and with it t.FailNow, is passed on too.
//  7. Memory: Each has at most size goroutines, and does not take the next value
//     of in before there is room for the last, so in may be endless.
//
// Do not use it if all costs are alike and belong to one loop
// (patterns/workerpool, which starts fewer goroutines), to protect data (a
// sync.Mutex), or to limit a rate (golang.org/x/time/rate). Do not call Do within
// Do on the same semaphore: when all hold a part and wait for more, none goes on.
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
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// A Semaphore is a size that its users share. Make one with New; the zero
// Semaphore has no room for anything.
type Semaphore struct {
	size     int64
	weighted *semaphore.Weighted
}

// New returns a semaphore of the given size. It panics if size < 1.
func New(size int64) *Semaphore {
	if size < 1 {
		panic("semaphore: size < 1")
	}
	return &Semaphore{size, semaphore.NewWeighted(size)}
}

// Do waits until there is room for cost, calls f, and makes the room free again,
// however f ends. It returns the error of f, or why f was not called. It panics
// if cost < 1.
func (s *Semaphore) Do(ctx context.Context, cost int64, f func(context.Context) error) error {
	if err := s.acquire(ctx, cost); err != nil {
		return err
	}
	defer s.weighted.Release(cost)
	return f(ctx)
}

func (s *Semaphore) acquire(ctx context.Context, cost int64) error {
	if cost < 1 {
		panic("semaphore: cost < 1")
	}
	if cost > s.size { // Weighted would wait until ctx is done, perhaps for ever
		return fmt.Errorf("semaphore: cost %d is above the size %d", cost, s.size)
	}
	if s.weighted.Acquire(ctx, cost) != nil {
		return context.Cause(ctx)
	}
	return nil
}

// Each calls do for each value of in, in a goroutine of its own that starts when
// there is room for cost(v), and returns the first error after all calls have
// returned. It calls cost on its own goroutine, and panics if a cost is < 1.
func Each[T any](ctx context.Context, s *Semaphore, in iter.Seq[T], cost func(T) int64, do func(context.Context, T) error) error {
	c, ctx := newCrew(ctx)
	defer c.stop() // also if in or cost panics
	for v := range in {
		n := cost(v)
		if err := s.acquire(ctx, n); err != nil {
			c.cancel(err)
			break
		}
		c.wg.Go(func() { // ends when do returns
			defer s.weighted.Release(n) // after guard, so that a failure stops Each before it gets the room
			c.guard(func() error { return do(ctx, v) })
		})
	}
	return c.wait(ctx)
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
