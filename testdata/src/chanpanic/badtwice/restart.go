package badtwice

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

// NewTicker makes both channels, once.
func NewTicker(task func()) *Ticker {
	return &Ticker{task: task, stop: make(chan struct{}, 1), stopped: make(chan struct{})}
}

// Start starts the loop.
func (t *Ticker) Start() { go t.run() }

func (t *Ticker) run() {
	defer close(t.stopped) // want "close of closed channel t.stopped"
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

// RunTwice is bad: the second run closes the channel that the first one has
// closed.
func RunTwice(task func()) {
	t := NewTicker(task)
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

// Unsubscribe closes the channel of a subscriber and leaves it in the map.
func (h *Hub) Unsubscribe(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ch, ok := h.subs[id]; ok {
		close(ch)
	}
}

// Close ends what is left of the subscriptions.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, ch := range h.subs {
		close(ch) // want "close of closed channel ch"
	}
}

// Announce is bad: Close finds the channel of the subscriber that is gone.
func Announce(text string) {
	h := NewHub(2)
	h.subs[1] <- text
	h.Unsubscribe(0)
	h.Close()
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
	close(w.quit) // want "close of closed channel w.quit"
}

// StopAll is bad: the workers share one quit channel.
func StopAll(n int) {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	workers := make([]*worker, 0, n)
	for range n {
		w := &worker{quit: quit, wg: &wg}
		wg.Add(1)
		go w.run()
		workers = append(workers, w)
	}
	for _, w := range workers {
		w.stop()
	}
	wg.Wait()
}

// LastCloses is bad, though nothing is reported here: two workers can both count down before one of them looks
// at the counter.
func LastCloses(work func(int) int) (sum int) {
	var left atomic.Int32
	left.Store(2)
	out := make(chan int, 2)
	for i := range 2 {
		go func() {
			out <- work(i)
			left.Add(-1)
			if left.Load() == 0 {
				close(out)
			}
		}()
	}
	for v := range out {
		sum += v
	}
	return sum
}

// Deadline is bad, though nothing is reported here: when work takes longer than the timer, both the timer and
// the function close expired.
func Deadline(d time.Duration, work func()) {
	expired := make(chan struct{})
	timer := time.AfterFunc(d, func() { close(expired) })
	work()
	timer.Stop()
	close(expired)
}

// Follow is bad: a cancelled context closes lost, and the function does so
// too.
func Follow(ctx context.Context, next func() bool) {
	lost := make(chan struct{})
	context.AfterFunc(ctx, func() {
		close(lost) // want "close of closed channel lost"
	})
	for next() {
	}
	close(lost)
}
