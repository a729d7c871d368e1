// Package badcond holds waits for a sync.Cond that nobody ends.
package badcond

import (
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

// A Queue blocks its readers while it is empty.
type Queue struct {
	mu     sync.Mutex
	cond   *sync.Cond
	items  []int
	closed bool
}

// NewQueue returns an empty queue.
func NewQueue() *Queue {
	q := new(Queue)
	q.cond = sync.NewCond(&q.mu)
	return q
}

// Pop waits for an item.
func (q *Queue) Pop() (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.cond.Wait() // want "q.cond.Wait blocks forever"
	}
	if len(q.items) == 0 {
		return 0, errClosed
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v, nil
}

// Push wakes a reader.
func (q *Queue) Push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
	q.cond.Signal()
}

// Close ends the queue, but wakes only one of its readers.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.cond.Signal()
}

// Consume is bad: Close signals where it should broadcast.
func Consume(readers int) {
	q := NewQueue()
	var wg sync.WaitGroup
	for range readers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				if _, err := q.Pop(); err != nil {
					return
				}
			}
		}()
	}
	q.Push(1)
	q.Close()
	wg.Wait()
}

// A Gate is opened once.
type Gate struct {
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

// Wait waits until the gate is open.
func (g *Gate) Wait() {
	g.mu.Lock()
	for !g.open {
		g.cond.Wait() // want "g.cond.Wait blocks forever"
	}
	g.mu.Unlock()
}

// Open sets the flag and does not tell.
func (g *Gate) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
}

// Pass is bad: nobody signals.
func Pass(work func()) {
	g := new(Gate)
	g.cond.L = &g.mu
	go func() {
		work()
		g.Open()
	}()
	g.Wait()
}

// Once is bad: the signal may come before the wait, and is then lost.
func Once(work func()) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	go func() {
		work()
		cond.Signal()
	}()
	mu.Lock()
	cond.Wait() // want "cond.Wait blocks forever"
	mu.Unlock()
}

// A Barrier lets n goroutines pass together.
type Barrier struct {
	mu      sync.Mutex
	cond    *sync.Cond
	waiting int
	n       int
}

// NewBarrier returns a barrier for n goroutines.
func NewBarrier(n int) *Barrier {
	b := &Barrier{n: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

// Await is bad: the last one to come wakes one of the others.
func (b *Barrier) Await() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting++
	if b.waiting == b.n {
		b.cond.Signal()
		return
	}
	for b.waiting < b.n {
		b.cond.Wait() // want "b.cond.Wait blocks forever"
	}
}

// Meet lets three goroutines meet.
func Meet(work func(int)) {
	b := NewBarrier(3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(i)
			b.Await()
		}()
	}
	wg.Wait()
}

// A Buffer has readers and writers that wait for one Cond.
type Buffer struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
	v    int
}

// Put waits until the buffer is empty.
func (b *Buffer) Put(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.full {
		b.cond.Wait() // want "b.cond.Wait blocks forever"
	}
	b.v, b.full = v, true
	b.cond.Signal()
}

// Get takes the value and forgets to tell the writers.
func (b *Buffer) Get() (v int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.full {
		return 0, false
	}
	b.full = false
	return b.v, true
}

// Move is bad: Get empties the buffer, and Put is not woken.
func Move(first, second int) int {
	b := new(Buffer)
	b.cond = sync.NewCond(&b.mu)
	b.Put(first)
	go b.Get()
	b.Put(second)
	v, _ := b.Get()
	return v
}

// A Pool waits with one lock and signals with another held.
type Pool struct {
	mu    sync.Mutex
	outer sync.Mutex
	cond  *sync.Cond
	free  int
}

// Acquire waits with both locks held, of which Wait releases one.
func (p *Pool) Acquire() {
	p.outer.Lock()
	defer p.outer.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.free == 0 {
		p.cond.Wait() // want "p.cond.Wait blocks forever"
	}
	p.free--
}

// Release needs both locks to signal.
func (p *Pool) Release() {
	p.outer.Lock()
	defer p.outer.Unlock()
	p.mu.Lock()
	p.free++
	p.mu.Unlock()
	p.cond.Signal()
}

// Use is bad: Release waits for the lock that Acquire keeps while it waits.
func Use(f func()) {
	p := new(Pool)
	p.cond = sync.NewCond(&p.mu)
	go func() {
		f()
		p.Release()
	}()
	p.Acquire()
}
