// Package pipeline connects stages that work at the same time, each on its own
// goroutine, and hands the values to a loop in their order.
//
// Stages that are written by hand as functions from channel to channel work
// until somebody stops early. Then the stage before blocks for ever on a send
// that nobody receives, and an error has no way to go. Here a stage is a
// function that ranges over the stage before. A break or an error stops
// everything upstream, and nothing is closed by hand.
//
//	         values           values           values
//	source ──────────► stage ──────────► stage ──────────► for v, err := range All(ctx, …)
//	  ▲                  ▲                 ▲                 │
//	  └──────────────────┴── cancelled ────┴── break, error ─┘
//
// A stage of your own is a Source that ranges over another:
//
//	func nonEmpty(lines pipeline.Source[string]) pipeline.Source[string] {
//		return func(ctx context.Context, yield func(string) bool) error {
//			for line, err := range pipeline.All(ctx, lines) {
//				if err != nil {
//					return err
//				}
//				if line != "" && !yield(line) {
//					return nil
//				}
//			}
//			return nil
//		}
//	}
//
// Guarantees:
//
//  1. Completeness: a loop that ends without an error has seen all values. When
//     it ends, however it ends, all goroutines of the pipeline have ended.
//  2. Order: every stage gets the values in the order of the stage before; Map
//     keeps the order although its calls end in any order.
//  3. Cancellation: when ctx is done or the loop ends early, the contexts of all
//     stages are done too, and the loop waits until they have returned. A
//     Source that blocks must therefore watch its context.
//  4. Errors: an error of any stage goes down to the loop, which sees it last and
//     with a zero value. When ctx is done, that is context.Cause(ctx). When Map
//     or its source fails, values that are still in Map are dropped. So are
//     errors after a break.
//  5. Panics: a panic in a stage is raised again in the loop's goroutine as a
//     *PanicError with the stack of the original, also after a break. So the
//     caller's deferred functions run and its recover works. The price is that
//     the panic waits for stages that ignore their context. (errgroup lets the
//     process crash at once, because a caller may never reach Wait; the loop
//     always waits.) runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: one value per stage, 2*workers in Map, and no allocation for a
//     value. The slowest stage sets the speed of all.
//
// Do not use it when one stage takes nearly all the time (patterns/workerpool),
// when order does not matter (patterns/fanin), or when a value takes less than a
// few microseconds: a loop that calls one function after the other is faster
// than any channel.
//
// Mistakes that it prevents, by the concurlint check that reports them:
//
//	chanclose   a stage that returns without closing what the next ranges over
//	goleak      a stage blocked on its send, because the next has given up
//	cancelstop  a stage that nothing can stop
//	chanpanic   a channel closed by the stage that receives from it
//	gospawn     a goroutine per value to make one stage faster
package pipeline

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
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

// All runs src on its own goroutine and ranges over its values.
func All[T any](ctx context.Context, src Source[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c, ctx := newCrew(ctx)
		defer c.stop() // also if the loop body panics

		// values is closed by the goroutine of src, its only sender. It has no
		// capacity, so that a stage is at most one value ahead of the next.
		values := make(chan T)
		c.wg.Go(func() { // ends when src returns
			defer close(values)
			c.guard(func() error { return src(ctx, sendTo(ctx, values)) })
		})
		for v := range values {
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

// Map calls f for the values of src, at most workers at a time, and yields the
// results in the order of the values. It panics if workers < 1.
func Map[In, Out any](src Source[In], workers int, f func(context.Context, In) (Out, error)) Source[Out] {
	if workers < 1 {
		panic("pipeline: workers < 1")
	}
	return func(ctx context.Context, yield func(Out) bool) error {
		c, ctx := newCrew(ctx)
		defer c.stop() // also if yield panics

		q := newQueue[In, Out](2 * workers)
		c.wg.Go(func() { c.guard(func() error { return q.fill(ctx, src) }) }) // ends when src returns
		for range workers {
			c.wg.Go(func() { c.guard(func() error { return q.work(ctx, f) }) }) // ends when fill does, or f fails
		}
		for slot := range q.order {
			select {
			case v := <-slot:
				q.free <- slot
				if !yield(v) {
					c.cancel(nil)
				}
			case <-ctx.Done(): // a call of f failed, and slot may stay empty
			}
			if ctx.Err() != nil {
				break
			}
		}
		return c.wait(ctx)
	}
}

// A queue keeps results in order. A value gets a slot, which takes its result
// when that is ready; the loop in Map empties the slots in the order in which
// they were given out. A slot is a channel with capacity 1, so that a worker
// need not wait for its turn; it is used again and never closed.
type queue[In, Out any] struct {
	free  chan chan Out     // never closed; capacity for all slots, so that sends never block
	order chan chan Out     // closed by fill, its only sender; capacity for all slots likewise
	jobs  chan job[In, Out] // closed by fill, its only sender; no capacity: a free worker waits already
}

type job[In, Out any] struct {
	v    In
	slot chan<- Out
}

func newQueue[In, Out any](slots int) *queue[In, Out] {
	q := &queue[In, Out]{make(chan chan Out, slots), make(chan chan Out, slots), make(chan job[In, Out])}
	for range slots {
		q.free <- make(chan Out, 1)
	}
	return q
}

func (q *queue[In, Out]) fill(ctx context.Context, src Source[In]) error {
	defer close(q.order)
	defer close(q.jobs)
	send := sendTo(ctx, q.jobs)
	return src(ctx, func(v In) bool {
		select {
		case slot := <-q.free: // the limit on values in flight
			q.order <- slot
			return send(job[In, Out]{v, slot})
		case <-ctx.Done():
			return false
		}
	})
}

func (q *queue[In, Out]) work(ctx context.Context, f func(context.Context, In) (Out, error)) error {
	for j := range q.jobs {
		v, err := f(ctx, j.v)
		if err != nil {
			return err
		}
		j.slot <- v
	}
	return nil
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
