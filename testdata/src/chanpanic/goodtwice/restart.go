package goodtwice

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Ticker runs a task at intervals, and may be started again.
type Ticker struct {
	task    func()
	stop    chan struct{}
	stopped chan struct{}
}

// Start is good: each start has channels of its own.
func (t *Ticker) Start() {
	t.stop, t.stopped = make(chan struct{}, 1), make(chan struct{})
	go t.run()
}

func (t *Ticker) run() {
	defer close(t.stopped)
	for {
		select {
		case <-t.stop:
			return
		case <-time.After(time.Millisecond):
			t.task()
		}
	}
}

// Stop ends the loop and waits for it.
func (t *Ticker) Stop() {
	t.stop <- struct{}{}
	<-t.stopped
}

// RunTwice runs a ticker twice.
func RunTwice(task func()) {
	t := &Ticker{task: task}
	t.Start()
	t.Stop()
	t.Start()
	t.Stop()
}

// A Hub hands messages to its subscribers.
type Hub struct {
	mu   sync.Mutex
	subs map[int]chan string
}

// NewHub returns a hub with n subscribers.
func NewHub(n int) *Hub {
	h := &Hub{subs: make(map[int]chan string)}
	for id := range n {
		h.subs[id] = make(chan string, 1)
	}
	return h
}

// Unsubscribe is good: close and delete go together under the lock.
func (h *Hub) Unsubscribe(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ch, ok := h.subs[id]; ok {
		delete(h.subs, id)
		close(ch)
	}
}

// Close ends what is left of the subscriptions.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, ch := range h.subs {
		close(ch)
	}
	h.subs = nil
}

// Announce ends one subscription early and the others late.
func Announce(text string) {
	h := NewHub(2)
	h.subs[1] <- text
	h.Unsubscribe(0)
	h.Unsubscribe(0)
	h.Close()
	h.Close()
}

// A Room is a set of members by their channels.
type Room struct {
	mu      sync.Mutex
	members map[chan string]struct{}
}

// Join returns the channel of a new member.
func (r *Room) Join() chan string {
	ch := make(chan string, 1)
	r.mu.Lock()
	r.members[ch] = struct{}{}
	r.mu.Unlock()
	return ch
}

// Leave is good: the channel is closed by whoever takes it out of the map.
func (r *Room) Leave(ch chan string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.members[ch]; ok {
		delete(r.members, ch)
		close(ch)
	}
}

// LeaveTwice leaves a room twice.
func LeaveTwice() {
	r := &Room{members: make(map[chan string]struct{})}
	ch := r.Join()
	go r.Leave(ch)
	r.Leave(ch)
	<-ch
}

// A worker ends when quit is closed.
type worker struct {
	quit chan struct{}
	wg   *sync.WaitGroup
}

func (w *worker) run() {
	defer w.wg.Done()
	<-w.quit
}

func (w *worker) stop() {
	close(w.quit)
}

// StopAll is good: each worker has a quit channel of its own.
func StopAll(n int) {
	var wg sync.WaitGroup
	workers := make([]*worker, 0, n)
	for range n {
		w := &worker{quit: make(chan struct{}), wg: &wg}
		wg.Add(1)
		go w.run()
		workers = append(workers, w)
	}
	for _, w := range workers {
		w.stop()
	}
	wg.Wait()
}

// LastCloses is good: one worker sees the counter reach zero.
func LastCloses(work func(int) int) (sum int) {
	var left atomic.Int32
	left.Store(2)
	out := make(chan int, 2)
	for i := range 2 {
		go func() {
			out <- work(i)
			if left.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for v := range out {
		sum += v
	}
	return sum
}

// Deadline is good: Stop tells whether the timer closes expired.
func Deadline(d time.Duration, work func()) {
	expired := make(chan struct{})
	timer := time.AfterFunc(d, func() { close(expired) })
	work()
	if timer.Stop() {
		close(expired)
	}
	<-expired
}

// Follow is good: stop tells whether the context closes lost.
func Follow(ctx context.Context, next func() bool) {
	lost := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		close(lost)
	})
	for next() {
	}
	if stop() {
		close(lost)
	}
	<-lost
}
