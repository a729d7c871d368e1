// Package goodfield holds shapes of real code of which an abstract run can go wrong.
package goodfield

import (
	"container/heap"
	"sync"
	"time"
)

// The lock is handed to a goroutine.
type flusher struct {
	mu   sync.Mutex
	t, u time.Time
	buf  []int
}

func (f *flusher) flush() {
	for !f.t.Equal(f.u) {
		f.u = f.u.Add(1)
	}
}
func (f *flusher) async() {
	f.mu.Lock()
	f.buf = nil
	go func() {
		f.flush()
		f.mu.Unlock()
	}()
}
func (f *flusher) Observe(v int) {
	if v > 1 {
		f.async()
	}
	f.buf = append(f.buf, v)
	if len(f.buf) == cap(f.buf) {
		f.async()
	}
}

// Container/heap appends.
type hdata struct{ q []int }

func (h *hdata) Len() int           { return len(h.q) }
func (h *hdata) Less(i, j int) bool { return h.q[i] < h.q[j] }
func (h *hdata) Swap(i, j int)      { h.q[i], h.q[j] = h.q[j], h.q[i] }
func (h *hdata) Push(x any)         { h.q = append(h.q, x.(int)) }
func (h *hdata) Pop() any           { x := h.q[len(h.q)-1]; h.q = h.q[:len(h.q)-1]; return x }

type Heap struct {
	mu   sync.Mutex
	cond sync.Cond
	d    *hdata
}

func NewHeap() *Heap {
	h := &Heap{d: &hdata{q: []int{}}}
	h.cond.L = &h.mu
	return h
}
func (h *Heap) Add(x int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	heap.Push(h.d, x)
	h.cond.Broadcast()
}
func (h *Heap) Take() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.d.q) == 0 {
		h.cond.Wait()
	}
	return heap.Pop(h.d).(int)
}
func Heaped() int {
	h := NewHeap()
	h.Add(3)
	return h.Take()
}
