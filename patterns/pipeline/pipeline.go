// Copyright (c) 2026, the concurlint authors. BSD 3-Clause License:
// https://github.com/concurlint/concurlint/blob/main/LICENSE

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
// Map, Batch and Throttle are such stages. One of your own is a Source that
// ranges over another:
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
//     or its source fails, values that are still in Map are dropped; Batch hands
//     on what it has got before the error of its source. Errors after a break are
//     dropped.
//  5. Panics: a panic in a stage is raised again in the loop's goroutine as a
//     *PanicError with the stack of the original, also after a break. So the
//     caller's deferred functions run and its recover works. The price is that
//     the panic waits for stages that ignore their context. (errgroup lets the
//     process crash at once, because a caller may never reach Wait; the loop
//     always waits.) runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: one value per stage, 2*workers in Map, a batch in Batch. There is
//     no allocation for a value, but one for a batch. The slowest stage sets the
//     speed of all.
//
// Complexity: constant time for a value in each stage, 0.2 to 0.5 µs; a goroutine
// in All and Batch, none in Throttle, workers and one more in Map.
//
// Map resumes its source from each of its workers in turn. So a worker that waits
// for the source is not at f: if the source takes its time for each value, give Map
// one worker more. And f must not return with its goroutine locked to its thread
// (runtime.LockOSThread).
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
	"time"
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

// All runs src on its own goroutine and ranges over its values.
func All[T any](ctx context.Context, src Source[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c, ctx := newCrew(ctx)
		deliver(ctx, c, start(ctx, c, src), yield)
	}
}

// start runs src on a goroutine of c and returns a channel of its values, which
// must be received from until it is closed.
func start[T any](ctx context.Context, c *crew, src Source[T]) <-chan T {
	// values is closed by the goroutine of src, its only sender. It has no
	// capacity, so that a stage is at most one value ahead of the next.
	values := make(chan T)
	c.wg.Go(func() { // ends when src returns
		defer close(values)
		c.guard(func() error { return src(ctx, sendTo(ctx, values)) })
	})
	return values
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

// Map calls f for the values of src, at most workers at a time, and yields the
// results in the order of the values. It panics if workers < 1.
func Map[In, Out any](src Source[In], workers int, f func(context.Context, In) (Out, error)) Source[Out] {
	if workers < 1 {
		panic("pipeline: workers < 1")
	}
	return func(ctx context.Context, yield func(Out) bool) error {
		c, ctx := newCrew(ctx)
		defer c.stop() // also if yield panics
		q := newQueue[Out](2 * workers)
		values := func(yield func(numbered[In]) bool) {
			if err := number(ctx, src, q, yield); err != nil {
				c.cancel(err)
			}
		}
		c.wg.Go(func() { // ends when all calls have
			share(ctx, c, workers, values, func(in numbered[In]) error {
				out, err := f(ctx, in.v)
				if err == nil {
					q.slots[in.i%len(q.slots)] <- out
				}
				return err
			})
		})
		if !q.empty(ctx, yield) {
			c.cancel(nil)
		}
		return c.wait(ctx)
	}
}

// A queue keeps results in order. The one of value i is put into slot
// i % len(slots), where the loop in empty waits for it. A value is given to a
// worker only when there is room, of which there is as much as there are empty
// slots: so the slot of a value is empty when its result comes.
type queue[T any] struct {
	room  chan struct{} // closed by empty; capacity for all slots, so that to make room never blocks
	slots []chan T      // the one after the last value is closed by number; capacity 1, so that no worker waits for its turn
}

func newQueue[T any](slots int) *queue[T] {
	q := &queue[T]{make(chan struct{}, slots), make([]chan T, slots)}
	for i := range q.slots {
		q.slots[i] = make(chan T, 1) // who closed it, and why this capacity: see queue
		q.room <- struct{}{}
	}
	return q
}

// empty yields the results in their order, until the last one or ctx is done. It
// reports whether yield wants more.
func (q *queue[T]) empty(ctx context.Context, yield func(T) bool) bool {
	defer close(q.room) // number may wait for it
	for i := 0; ; i++ {
		select {
		case v, ok := <-q.slots[i%len(q.slots)]:
			if !ok {
				return true
			}
			q.room <- struct{}{}
			if !yield(v) {
				return false
			}
		case <-ctx.Done(): // a call of f failed, and the slot may stay empty
			return true
		}
	}
}

// A numbered value is one for whose result there is room in slot i.
type numbered[T any] struct {
	i int
	v T
}

// number ranges over the values of src, and waits for room for each.
func number[In, Out any](ctx context.Context, src Source[In], q *queue[Out], yield func(numbered[In]) bool) error {
	i := 0
	err := src(ctx, func(v In) bool {
		_, more := <-q.room
		more = more && yield(numbered[In]{i, v})
		i++
		return more
	})
	if err != nil {
		return err
	}
	if _, ok := <-q.room; ok {
		close(q.slots[i%len(q.slots)])
	}
	return nil
}

// Batch collects the values of src into slices of size values. It hands on a
// smaller one when its first value has waited for the time of wait, and at the
// end; if wait is 0, only at the end. The slices are the receiver's to keep. It
// panics if size < 1.
func Batch[T any](src Source[T], size int, wait time.Duration) Source[[]T] {
	if size < 1 {
		panic("pipeline: size < 1")
	}
	return func(ctx context.Context, yield func([]T) bool) error {
		c, ctx := newCrew(ctx)
		values := start(ctx, c, src)
		stop := func() {
			c.cancel(nil)
			for range values { // so that src does not block for ever
			}
			c.wg.Wait()
		}
		defer stop() // also if yield panics
		if !newBatcher(size, wait, yield).collect(values) {
			stop()
		}
		return c.wait(ctx) // also if nobody wants more, for a panic of src
	}
}

// A batcher has the values that are not handed on.
type batcher[T any] struct {
	size  int
	wait  time.Duration
	yield func([]T) bool
	batch []T
	timer *time.Timer // runs while batch has values, unless wait is 0
}

func newBatcher[T any](size int, wait time.Duration, yield func([]T) bool) *batcher[T] {
	b := &batcher[T]{size: size, wait: wait, yield: yield, timer: time.NewTimer(wait)}
	b.timer.Stop()
	return b
}

// collect yields the values in batches until the channel is closed. It reports
// whether yield wants more.
func (b *batcher[T]) collect(values <-chan T) (more bool) {
	defer b.timer.Stop()
	for {
		select {
		case v, ok := <-values:
			if !ok {
				return b.handOn()
			}
			more = b.add(v)
		case <-b.timer.C:
			more = b.handOn()
		}
		if !more {
			return false
		}
	}
}

func (b *batcher[T]) add(v T) (more bool) {
	if b.batch == nil {
		b.batch = make([]T, 0, b.size)
		if b.wait > 0 {
			b.timer.Reset(b.wait)
		}
	}
	b.batch = append(b.batch, v)
	return len(b.batch) < b.size || b.handOn()
}

func (b *batcher[T]) handOn() (more bool) {
	if b.batch == nil {
		return true
	}
	b.timer.Stop()
	full := b.batch
	b.batch = nil
	return b.yield(full)
}

// Throttle yields the values of src, but waits until the time of interval has
// passed since the value before. So src itself is slowed down. It panics if
// interval <= 0.
func Throttle[T any](src Source[T], interval time.Duration) Source[T] {
	if interval <= 0 {
		panic("pipeline: interval <= 0")
	}
	return func(ctx context.Context, yield func(T) bool) error {
		timer := time.NewTimer(0)
		defer timer.Stop()
		return src(ctx, func(v T) bool {
			select {
			case <-timer.C:
				timer.Reset(interval)
				return yield(v)
			case <-ctx.Done():
				return false
			}
		})
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
