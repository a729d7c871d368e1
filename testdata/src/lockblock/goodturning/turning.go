// Package goodturning holds locks that a goroutine takes in each turn of its loop.
package goodturning

import (
	"sync"
	"time"
)

// A Keeper has its lock for a moment.
type Keeper struct {
	mu   sync.Mutex
	stop chan struct{}
	last time.Time
}

func NewKeeper() *Keeper {
	k := &Keeper{stop: make(chan struct{})}
	go k.serve()
	return k
}

func (k *Keeper) serve() {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	k.mu.Lock()
	for {
		k.mu.Unlock()
		select {
		case now := <-t.C:
			k.mu.Lock()
			k.last = now
		case <-k.stop:
			return
		}
	}
}

func (k *Keeper) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.stop)
}

// A Waiter gives its lock back in Wait.
type Waiter struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
	done bool
}

func NewWaiter() *Waiter {
	w := &Waiter{}
	w.cond = sync.NewCond(&w.mu)
	go w.serve()
	go w.ring()
	return w
}

func (w *Waiter) serve() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.done {
		w.n++
		w.cond.Wait()
	}
}

func (w *Waiter) ring() {
	for range time.Tick(time.Millisecond) {
		w.cond.Broadcast()
	}
}

func (w *Waiter) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
}
