package goodworkers

import "sync"

// A Growing pool starts its workers when there is work for them.
type Growing struct {
	mu   sync.Mutex
	n    int
	max  int
	work chan func()
	wg   sync.WaitGroup
}

// NewGrowing returns a pool of at most max workers, of which one is the least.
func NewGrowing(max int) *Growing { return &Growing{max: max, work: make(chan func())} }

// Do is good: the first call starts a worker, since there is to be one at least.
func (p *Growing) Do(f func()) {
	p.mu.Lock()
	if p.n < p.max {
		p.n++
		p.wg.Go(p.run)
	}
	p.mu.Unlock()
	p.work <- f
}

func (p *Growing) run() {
	for f := range p.work {
		f()
	}
}

// Close waits for the workers.
func (p *Growing) Close() {
	close(p.work)
	p.wg.Wait()
}

// GrowFor uses one.
func GrowFor(max int, tasks []func()) {
	p := NewGrowing(max)
	defer p.Close()
	for _, f := range tasks {
		p.Do(f)
	}
}
