package goodcond

import (
	"sync"
	"time"
)

type sizeRequest struct{ reply chan int }
type stopRequest struct{}

// A queue is of requests of all kinds.
type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []any
}

func (q *queue) put(it any) {
	q.mu.Lock()
	q.items = append(q.items, it)
	q.cond.Signal()
	q.mu.Unlock()
}

func (q *queue) get() any {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	it := q.items[0]
	q.items = q.items[1:]
	return it
}

// A Window has a goroutine that waits for requests until Stop.
type Window struct {
	q    *queue
	size int
}

// NewWindow starts it.
func NewWindow() *Window {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	w := &Window{q: q}
	go w.run()
	return w
}

func (w *Window) run() {
	for {
		switch r := w.q.get().(type) {
		case *sizeRequest:
			r.reply <- w.size
		case *stopRequest:
			return
		}
	}
}

// Stop ends it.
func (w *Window) Stop() { w.q.put(&stopRequest{}) }

// Size asks it.
func (w *Window) Size() int {
	reply := make(chan int, 1)
	t := time.NewTimer(time.Second)
	defer t.Stop()
	w.q.put(&sizeRequest{reply})
	select {
	case n := <-reply:
		return n
	case <-t.C:
		return -1
	}
}
