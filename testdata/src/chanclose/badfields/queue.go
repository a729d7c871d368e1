package badfields

import (
	"errors"
	"sync"
)

// Queue is a generic mailbox with one consumer.
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

// consume is bad: Close sets a flag only, so this range never ends.
func (q *Queue[T]) consume() {
	for v := range q.items { // want "items is never closed"
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

// Close refuses further items.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}
