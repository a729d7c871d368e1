package goodfields

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Queue is good: Close sets the flag and closes items under the lock that Put
// holds while it sends.
type Queue[T any] struct {
	mu     sync.Mutex
	items  chan T
	closed bool
	handle func(T)
}

// NewQueue starts the consumer.
func NewQueue[T any](size int, handle func(T)) *Queue[T] {
	q := &Queue[T]{items: make(chan T, size), handle: handle}
	go q.consume()
	return q
}

func (q *Queue[T]) consume() {
	for v := range q.items {
		q.handle(v)
	}
}

var errClosed = errors.New("queue is closed")

// Put queues v.
func (q *Queue[T]) Put(v T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed
	}
	q.items <- v
	return nil
}

// Close refuses further items and ends the consumer.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.items)
	}
}

// Loader is good: Start spawns the ranging workers, Enqueue sends, and Wait
// closes the field before it waits for the group.
type Loader struct {
	g    *errgroup.Group
	ctx  context.Context
	rows chan []byte
}

// Start makes a loader with n workers.
func Start(ctx context.Context, n int, store func(context.Context, []byte) error) *Loader {
	l := &Loader{rows: make(chan []byte, n)}
	l.g, l.ctx = errgroup.WithContext(ctx)
	for range n {
		l.g.Go(func() error {
			for row := range l.rows {
				if err := store(l.ctx, row); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return l
}

// Enqueue hands over a row, unless the loader has failed.
func (l *Loader) Enqueue(row []byte) error {
	select {
	case l.rows <- row:
		return nil
	case <-l.ctx.Done():
		return l.ctx.Err()
	}
}

// Wait is called once, after the last Enqueue.
func (l *Loader) Wait() error {
	close(l.rows)
	return l.g.Wait()
}

// EventLoop is good: the loop owns its inbox; Stop tells it to close and
// drain, and Post looks at the flag under the lock that the close is made
// under.
type EventLoop struct {
	mu     sync.Mutex
	closed bool
	inbox  chan func()
	stop   chan struct{}
	done   chan struct{}
}

// NewEventLoop starts the loop.
func NewEventLoop() *EventLoop {
	l := &EventLoop{inbox: make(chan func(), 8), stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

func (l *EventLoop) run() {
	defer close(l.done)
loop:
	for {
		select {
		case f := <-l.inbox:
			f()
		case <-l.stop:
			l.mu.Lock()
			l.closed = true
			close(l.inbox)
			l.mu.Unlock()
			break loop
		}
	}
	for f := range l.inbox {
		f()
	}
}

// Post queues f if there is room.
func (l *EventLoop) Post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	select {
	case l.inbox <- f:
		return true
	default:
		return false
	}
}

// Stop is called once.
func (l *EventLoop) Stop() {
	close(l.stop)
	<-l.done
}
