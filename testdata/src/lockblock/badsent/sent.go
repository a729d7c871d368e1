// Package badsent sends with a lock held which the receiver takes before it receives again.
package badsent

import (
	"sync"
	"time"
)

// A queue gathers values in batches.
type queue struct {
	mu    sync.Mutex
	batch []int
	out   chan []int
}

func newQueue(size, room int) *queue {
	return &queue{batch: make([]int, 0, size), out: make(chan []int, room)}
}

func (q *queue) add(v int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batch) == cap(q.batch) {
		select {
		case q.out <- q.batch:
			q.batch = make([]int, 0, cap(q.batch))
		default:
			return false
		}
	}
	q.batch = append(q.batch, v)
	return true
}

func (q *queue) partial() []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.batch
	q.batch = make([]int, 0, cap(b))
	return b
}

// flush is bad: the channel has room, but not for ever.
func (q *queue) flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batch) > 0 {
		q.out <- q.batch // want "sends with q.mu locked, which the receiver takes at line 7.: when it waits there, both block forever"
	}
	close(q.out)
}

// A Sender sends batches.
type Sender struct {
	q    *queue
	done chan struct{}
	tick time.Duration
}

// NewSender starts it.
func NewSender(tick time.Duration, room int, send func([]int)) *Sender {
	s := &Sender{q: newQueue(1, room), done: make(chan struct{}), tick: tick}
	go s.run(send)
	return s
}

func (s *Sender) run(send func([]int)) {
	defer close(s.done)
	t := time.NewTicker(s.tick)
	defer t.Stop()
	for {
		select {
		case b, ok := <-s.q.out:
			if !ok {
				return
			}
			send(b)
		case <-t.C:
			send(s.q.partial())
		}
	}
}

// Add adds a value.
func (s *Sender) Add(v int) bool { return s.q.add(v) }

// Close sends the rest.
func (s *Sender) Close() {
	s.q.flush()
	<-s.done
}

// A Log writes lines in a goroutine.
type Log struct {
	mu    sync.RWMutex
	lines chan string
	count int
	level int
}

// NewLog starts it.
func NewLog() *Log {
	l := &Log{lines: make(chan string, 1)}
	go l.write()
	return l
}

func (l *Log) write() {
	for range l.lines {
		l.mu.Lock()
		l.count++
		l.mu.Unlock()
	}
}

// Print is bad: the writer waits for the lock when the next line is sent under it.
func (l *Log) Print(line string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.level > 0 {
		l.lines <- line // want "sends with l.mu read-locked, which the receiver takes at line 1.."
	}
}
