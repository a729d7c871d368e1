// Package goodsent sends with a lock held, or takes a lock where it receives, and neither
// waits for the other.
package goodsent

import (
	"sync"
	"time"
)

// A queue gathers values in batches.
type queue struct {
	mu    sync.Mutex
	batch []int
	out   chan []int
}

func (q *queue) partial() []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.batch
	q.batch = nil
	return b
}

// flush sends after the unlock.
func (q *queue) flush() {
	if b := q.partial(); len(b) > 0 {
		q.out <- b
	}
	close(q.out)
}

// A Sender sends batches.
type Sender struct {
	q    *queue
	done chan struct{}
	tick time.Duration
}

// NewSender starts it.
func NewSender(tick time.Duration) *Sender {
	s := &Sender{q: &queue{out: make(chan []int), batch: []int{1}}, done: make(chan struct{}), tick: tick}
	go s.run()
	return s
}

func (s *Sender) run() {
	defer close(s.done)
	t := time.NewTicker(s.tick)
	defer t.Stop()
	for {
		select {
		case _, ok := <-s.q.out:
			if !ok {
				return
			}
		case <-t.C:
			s.q.partial()
		}
	}
}

// Close sends the rest.
func (s *Sender) Close() {
	s.q.flush()
	<-s.done
}

// A Pool keeps Submit and Close apart by a lock; its workers do without.
type Pool struct {
	mu     sync.RWMutex
	jobs   chan func()
	closed bool
	wg     sync.WaitGroup
}

// NewPool starts the workers.
func NewPool(n int) *Pool {
	p := &Pool{jobs: make(chan func())}
	for range n {
		p.wg.Go(func() {
			for job := range p.jobs {
				job()
			}
		})
	}
	return p
}

// Submit sends under the lock.
func (p *Pool) Submit(job func()) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	p.jobs <- job
	return true
}

// Close waits for the workers.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	close(p.jobs)
	p.mu.Unlock()
	p.wg.Wait()
}

// A Log is written by two goroutines: one of them takes no lock.
type Log struct {
	mu    sync.Mutex
	lines chan string
	count int
}

// NewLog starts both.
func NewLog() *Log {
	l := &Log{lines: make(chan string)}
	go l.write()
	go l.drop()
	return l
}

func (l *Log) write() {
	for range l.lines {
		l.mu.Lock()
		l.count++
		l.mu.Unlock()
	}
}

func (l *Log) drop() {
	for range l.lines {
	}
}

// Print sends under the lock.
func (l *Log) Print(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines <- line
}

// Stop ends the goroutines.
func (l *Log) Stop() { close(l.lines) }

// A Reader read-locks on both sides.
type Reader struct {
	mu    sync.RWMutex
	in    chan int
	limit int
}

// NewReader starts the loop.
func NewReader() *Reader {
	r := &Reader{in: make(chan int), limit: 3}
	go r.loop()
	return r
}

func (r *Reader) loop() {
	for v := range r.in {
		r.mu.RLock()
		_ = v > r.limit
		r.mu.RUnlock()
	}
}

// Put sends with the read lock.
func (r *Reader) Put(v int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.in <- v
}

// Stop ends the loop.
func (r *Reader) Stop() { close(r.in) }

// A Spread has a goroutine of its own for what locks.
type Spread struct {
	mu  sync.Mutex
	in  chan int
	sum int
	wg  sync.WaitGroup
}

// NewSpread starts the loop.
func NewSpread() *Spread {
	s := &Spread{in: make(chan int)}
	s.wg.Go(s.loop)
	return s
}

func (s *Spread) loop() {
	for v := range s.in {
		s.wg.Go(func() { s.add(v) })
	}
}

func (s *Spread) add(v int) {
	s.mu.Lock()
	s.sum += v
	s.mu.Unlock()
}

// Put sends under the lock.
func (s *Spread) Put(v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in <- v
}

// Stop ends the loop.
func (s *Spread) Stop() {
	close(s.in)
	s.wg.Wait()
}

// A Crew has room for all that is ever sent.
type Crew struct {
	mu    sync.Mutex
	names []string
	in    chan string
	seen  int
	wg    sync.WaitGroup
}

// NewCrew starts the loop.
func NewCrew(names []string) *Crew {
	c := &Crew{names: names, in: make(chan string, len(names))}
	c.wg.Go(c.loop)
	return c
}

func (c *Crew) loop() {
	for range c.in {
		c.mu.Lock()
		c.seen++
		c.mu.Unlock()
	}
}

// Call sends all names, once.
func (c *Crew) Call() {
	c.mu.Lock()
	for _, n := range c.names {
		c.in <- n
	}
	c.names = nil
	c.mu.Unlock()
	close(c.in)
	c.wg.Wait()
}

// A Post has a way out where it sends.
type Post struct {
	mu   sync.Mutex
	in   chan int
	lost int
}

// NewPost starts the loop.
func NewPost() *Post {
	p := &Post{in: make(chan int, 1)}
	go p.loop()
	return p
}

func (p *Post) loop() {
	for range p.in {
		p.mu.Lock()
		p.lost--
		p.mu.Unlock()
	}
}

// Put does not wait.
func (p *Post) Put(v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.in <- v:
	default:
		p.lost++
	}
}

// Stop ends the loop.
func (p *Post) Stop() { close(p.in) }
