// Package goodnil holds channels that are nil for a while, to switch off a case of a select, and
// channels that only look nil.
package goodnil

import (
	"context"
	"errors"
	"sync"
	"time"
)

// An Event is something that has happened.
type Event struct {
	Name string
	At   time.Time
}

// A Queue hands events to its reader.
type Queue struct {
	once   sync.Once
	events chan Event
	limit  int
}

// ch makes the channel at its first use.
func (q *Queue) ch() chan Event {
	q.once.Do(func() { q.events = make(chan Event, q.limit) })
	return q.events
}

func (q *Queue) put(e Event) { q.ch() <- e }

func (q *Queue) take() Event { return <-q.ch() }

// Relay is good: the channel is made lazily, by whoever comes first.
func Relay(names []string, now func() time.Time) (last Event) {
	q := &Queue{limit: len(names)}
	go func() {
		for _, n := range names {
			q.put(Event{n, now()})
		}
	}()
	for range names {
		last = q.take()
	}
	return last
}

// Collect is good: the declared channel is assigned where it is needed.
func Collect(parts []func() int) (sum int) {
	var results chan int
	if len(parts) > 0 {
		results = make(chan int, len(parts))
	}
	for _, part := range parts {
		go func() {
			results <- part()
		}()
	}
	for range parts {
		sum += <-results
	}
	return sum
}

// Await is good: the context is cancelled when the function returns.
func Await(work, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-ctx.Done()
		stop()
	}()
	work()
}

// AwaitDetached is good: the detached context gets a deadline of its own.
func AwaitDetached(parent context.Context, cleanup func()) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), 5*time.Millisecond)
	go func() {
		defer cancel()
		<-ctx.Done()
		cleanup()
	}()
}

// Forward is good: while the buffer is empty there is nothing to send, and the nil channel says so.
func Forward(in <-chan Event, dst chan<- Event) {
	var pending []Event
	for in != nil || len(pending) > 0 {
		var out chan<- Event
		var next Event
		if len(pending) > 0 {
			out, next = dst, pending[0]
		}
		select {
		case e, ok := <-in:
			if !ok {
				in = nil
				continue
			}
			pending = append(pending, e)
		case out <- next:
			pending = pending[1:]
		}
	}
	close(dst)
}

// Buffered is good: Forward runs between a producer and a reader that ranges.
func Buffered(events []Event) (n int) {
	in, out := make(chan Event), make(chan Event)
	go Forward(in, out)
	go func() {
		defer close(in)
		for _, e := range events {
			in <- e
		}
	}()
	for range out {
		n++
	}
	return n
}

// Merge is good: each input is switched off when it is closed.
func Merge(a, b []int, each func(int)) {
	left, right := numbers(a), numbers(b)
	for left != nil || right != nil {
		select {
		case v, ok := <-left:
			if !ok {
				left = nil
				continue
			}
			each(v)
		case v, ok := <-right:
			if !ok {
				right = nil
				continue
			}
			each(v)
		}
	}
}

func numbers(vals []int) <-chan int {
	out := make(chan int, len(vals))
	for _, v := range vals {
		out <- v
	}
	close(out)
	return out
}

// Poll is good: without an interval there are no ticks, but stop still ends the loop.
func Poll(interval time.Duration, poll func() bool, work func()) {
	stop := make(chan struct{})
	go func() {
		var ticks <-chan time.Time
		if interval > 0 {
			t := time.NewTicker(interval)
			defer t.Stop()
			ticks = t.C
		}
		for {
			select {
			case <-ticks:
				if !poll() {
					return
				}
			case <-stop:
				return
			}
		}
	}()
	work()
	close(stop)
}

// ErrClosed is returned by a closed watcher.
var ErrClosed = errors.New("watcher is closed")

// A Watcher may have a limit on the time it waits.
type Watcher struct {
	wake    chan struct{}
	timeout time.Duration
}

// NewWatcher returns a watcher; a timeout of 0 means none.
func NewWatcher(timeout time.Duration) *Watcher {
	return &Watcher{wake: make(chan struct{}, 1), timeout: timeout}
}

// Wake wakes a waiting or the next caller of Wait.
func (w *Watcher) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Wait is good: the timer's channel may be nil, the other two are not.
func (w *Watcher) Wait(ctx context.Context) error {
	var expired <-chan time.Time
	if w.timeout > 0 {
		t := time.NewTimer(w.timeout)
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-w.wake:
		return nil
	case <-expired:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WakeAndWait is good: the wake-up is kept in the slot.
func WakeAndWait(ctx context.Context) error {
	w := NewWatcher(0)
	w.Wake()
	return w.Wait(ctx)
}
