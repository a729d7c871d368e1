// Package goodpools holds pools that grow with the input up to a limit.
package goodpools

import "sync"

// Pool starts workers on demand.
type Pool struct {
	mu   sync.Mutex
	n    int
	max  int
	work chan func()
}

// NewPool has at most max workers.
func NewPool(max int) *Pool { return &Pool{max: max, work: make(chan func())} }

// Run is good: a worker is added only while there are fewer than max.
func (p *Pool) Run(jobs <-chan func()) {
	for f := range jobs {
		p.mu.Lock()
		if p.n < p.max {
			p.n++
			go p.worker()
		}
		p.mu.Unlock()
		p.work <- f
	}
}

func (p *Pool) worker() {
	for f := range p.work {
		f()
	}
}

// Close ends the workers.
func (p *Pool) Close() { close(p.work) }

// GrowLocal is good: the same with a local counter.
func GrowLocal(jobs <-chan func()) {
	work := make(chan func())
	workers := 0
	for f := range jobs {
		select {
		case work <- f:
			continue
		default:
		}
		if workers < 8 {
			workers++
			go func() {
				for f := range work {
					f()
				}
			}()
		}
		work <- f
	}
	close(work)
}

// Shards is good: as many goroutines as shards, whatever comes in.
func Shards(keys <-chan string, hash func(string) int, do func(string)) {
	var shards [16]chan string
	for i := range shards {
		shards[i] = make(chan string)
		go func() {
			for k := range shards[i] {
				do(k)
			}
		}()
	}
	for k := range keys {
		shards[hash(k)%len(shards)] <- k
	}
	for _, s := range shards {
		close(s)
	}
}

// StartedOnce is good: the goroutine is started at the first element only.
func StartedOnce(keys <-chan string, do func(string)) {
	var once sync.Once
	queue := make(chan string)
	for k := range keys {
		once.Do(func() {
			go func() {
				for k := range queue {
					do(k)
				}
			}()
		})
		queue <- k
	}
	close(queue)
}

// StartedFlag is good: a Boolean makes it one goroutine.
func StartedFlag(keys <-chan string, do func(string)) {
	queue := make(chan string)
	started := false
	for k := range keys {
		if !started {
			started = true
			go func() {
				for k := range queue {
					do(k)
				}
			}()
		}
		queue <- k
	}
	close(queue)
}

// Submitter is a pool of somebody else.
type Submitter interface{ Submit(func()) }

// SubmitAll is good: what Submit does is unknown.
func SubmitAll(p Submitter, keys []string, do func(string)) {
	for _, k := range keys {
		p.Submit(func() { do(k) })
	}
}
