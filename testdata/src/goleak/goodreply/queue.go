package goodreply

import (
	"sync"
	"time"
)

// A Gauge answers questions in a goroutine that takes them from a queue with a condition.
type Gauge struct {
	mu    sync.Mutex
	more  *sync.Cond
	queue []any
	level int
}

type levelRequest struct{ reply chan int }

type stopRequest struct{}

// NewGauge starts a gauge, which Stop ends.
func NewGauge(level int) *Gauge {
	g := &Gauge{level: level}
	g.more = sync.NewCond(&g.mu)
	go g.serve()
	return g
}

func (g *Gauge) put(r any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(g.queue, r)
	g.more.Signal()
}

func (g *Gauge) take() any {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.queue) == 0 {
		g.more.Wait()
	}
	r := g.queue[0]
	g.queue = g.queue[1:]
	return r
}

func (g *Gauge) serve() {
	for {
		switch r := g.take().(type) {
		case *levelRequest:
			r.reply <- g.level // one value for each channel, which has room for it
		case *stopRequest:
			return
		}
	}
}

// Level is good: it may give up before the answer, which then stays in the channel.
func (g *Gauge) Level(patience time.Duration) (int, bool) {
	reply := make(chan int, 1)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	g.put(&levelRequest{reply})
	select {
	case n := <-reply:
		return n, true
	case <-timer.C:
		return 0, false
	}
}

// Stop ends the gauge's goroutine.
func (g *Gauge) Stop() { g.put(&stopRequest{}) }
