// Package goodcond holds waits for a sync.Cond that end.
package goodcond

import (
	"context"
	"errors"
	"sync"
	"time"
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
		q.cond.Wait()
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

// Close ends the queue and wakes all of its readers.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.cond.Broadcast()
}

// Consume is good: Close broadcasts.
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
		g.cond.Wait()
	}
	g.mu.Unlock()
}

// Open sets the flag and tells.
func (g *Gate) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

// Pass is good: Open broadcasts after it has set the flag.
func Pass(work func()) {
	g := new(Gate)
	g.cond.L = &g.mu
	go func() {
		work()
		g.Open()
	}()
	g.Wait()
}

// Once is good: a flag keeps the signal that comes before the wait.
func Once(work func()) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	done := false
	go func() {
		work()
		mu.Lock()
		defer mu.Unlock()
		done = true
		cond.Signal()
	}()
	mu.Lock()
	for !done {
		cond.Wait()
	}
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

// Await is good: the last one to come wakes all others.
func (b *Barrier) Await() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting++
	if b.waiting == b.n {
		b.cond.Broadcast()
		return
	}
	for b.waiting < b.n {
		b.cond.Wait()
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
		b.cond.Wait()
	}
	b.v, b.full = v, true
	b.cond.Signal()
}

// Get takes the value and tells the writers.
func (b *Buffer) Get() (v int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.full {
		return 0, false
	}
	b.full = false
	b.cond.Signal()
	return b.v, true
}

// Move is good: Get wakes Put.
func Move(first, second int) int {
	b := new(Buffer)
	b.cond = sync.NewCond(&b.mu)
	b.Put(first)
	go b.Get()
	b.Put(second)
	v, _ := b.Get()
	return v
}

// A Pool has a lock that Wait releases, and one for its settings.
type Pool struct {
	mu    sync.Mutex
	outer sync.Mutex
	cond  *sync.Cond
	free  int
	limit int
}

// Acquire waits with the lock that Wait releases.
func (p *Pool) Acquire() {
	p.outer.Lock()
	limit := p.limit
	p.outer.Unlock()
	if limit == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.free == 0 {
		p.cond.Wait()
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

// Use is good: Acquire does not keep the lock that Release needs.
func Use(f func()) {
	p := &Pool{limit: 1}
	p.cond = sync.NewCond(&p.mu)
	go func() {
		f()
		p.Release()
	}()
	p.Acquire()
}

// WaitOrDone is good: the end of the context wakes the waiter.
func (g *Gate) WaitOrDone(ctx context.Context) bool {
	stop := context.AfterFunc(ctx, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.cond.Broadcast()
	})
	defer stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open && ctx.Err() == nil {
		g.cond.Wait()
	}
	return g.open
}

// Expire is good: nobody opens the gate, but the context ends.
func Expire(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	g := new(Gate)
	g.cond.L = &g.mu
	return g.WaitOrDone(ctx)
}

// Recv is good: another part of the program sends, and wakes it.
func (q *Queue) Recv(n int) (all []int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(all) < n {
		for len(q.items) == 0 {
			q.cond.Wait()
		}
		all, q.items = append(all, q.items...), nil
	}
	return all
}

// Readers is good: a Cond waits with the read lock of its mutex.
func Readers(work func()) {
	var mu sync.RWMutex
	ready := false
	cond := sync.NewCond(mu.RLocker())
	go func() {
		work()
		mu.Lock()
		ready = true
		mu.Unlock()
		cond.Broadcast()
	}()
	cond.L.Lock()
	for !ready {
		cond.Wait()
	}
	cond.L.Unlock()
}
