// Package badheld holds operations that block with a lock held which the other
// side needs.
package badheld

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Broker hands events to a consumer, who locks the broker.
type Broker struct {
	mu     sync.Mutex
	events chan string
	seen   map[string]int
}

// Emit sends with the lock held.
func (b *Broker) Emit(e string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events <- e // want "send on b.events blocks forever"
}

func (b *Broker) consume() {
	for e := range b.events {
		b.mu.Lock()
		b.seen[e]++
		b.mu.Unlock()
	}
}

// Broadcast is bad: the consumer waits for the lock that Emit holds while it
// waits for the consumer.
func Broadcast(events []string) {
	b := &Broker{events: make(chan string), seen: make(map[string]int)}
	defer close(b.events)
	go b.consume()
	for _, e := range events {
		b.Emit(e)
	}
}

// A Crawler counts pages.
type Crawler struct {
	mu    sync.Mutex
	pages map[string]int
}

func (c *Crawler) fetch(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages[url]++
}

// Crawl is bad: it waits for workers that need the lock.
func (c *Crawler) Crawl(urls []string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.fetch(u)
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
	return len(c.pages)
}

// A Server has loops that lock it.
type Server struct {
	mu    sync.RWMutex
	wg    sync.WaitGroup
	quit  chan struct{}
	conns map[int]bool
}

func (s *Server) loop(id int) {
	defer s.wg.Done()
	<-s.quit
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, id)
}

// Start starts the loops.
func (s *Server) Start(n int) {
	s.quit = make(chan struct{})
	s.conns = make(map[int]bool)
	s.wg.Add(n)
	for id := range n {
		s.conns[id] = true
		go s.loop(id)
	}
}

// Stop waits for the loops with the lock held.
func (s *Server) Stop() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	close(s.quit)
	s.wg.Wait() // want "s.wg.Wait blocks forever"
	return len(s.conns)
}

// Run is bad: the loops wait for the lock that Stop holds.
func Run(n int) int {
	s := new(Server)
	s.Start(n)
	return s.Stop()
}

// A Job is done when its channel is closed.
type Job struct {
	mu     sync.Mutex
	done   chan struct{}
	result int
}

func (j *Job) run(f func() int) {
	defer close(j.done)
	v := f()
	j.mu.Lock()
	j.result = v
	j.mu.Unlock()
}

// Result waits for the job with the lock held.
func (j *Job) Result() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	<-j.done // want "receive from j.done blocks forever"
	return j.result
}

// Compute is bad: the job cannot store its result.
func Compute(f func() int) int {
	j := &Job{done: make(chan struct{})}
	go j.run(f)
	return j.Result()
}

// A Table is updated by the tasks of a group.
type Table struct {
	sync.Mutex
	rows map[int]string
}

// Load is bad: the tasks lock the table that Load has locked.
func (t *Table) Load(ctx context.Context, ids []int, get func(context.Context, int) (string, error)) error {
	g, ctx := errgroup.WithContext(ctx)
	t.Lock()
	defer t.Unlock()
	for _, id := range ids {
		g.Go(func() error {
			row, err := get(ctx, id)
			t.Lock()
			defer t.Unlock()
			t.rows[id] = row
			return err
		})
	}
	return g.Wait() // want "g.Wait blocks forever"
}

// A Mailbox has room for one message.
type Mailbox struct {
	mu   sync.Mutex
	box  chan string
	sent int
}

// Put sends with the lock held.
func (m *Mailbox) Put(text string) {
	m.mu.Lock()
	m.sent++
	m.box <- text // want "send on m.box blocks forever"
	m.mu.Unlock()
}

// Take needs the lock to receive.
func (m *Mailbox) Take() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent--
	return <-m.box
}

// Deliver is bad: the second message waits for a Take that cannot begin.
func Deliver(first, second string) string {
	m := &Mailbox{box: make(chan string, 1)}
	m.Put(first)
	go m.Take()
	m.Put(second)
	return m.Take()
}

// A Cache asks a loader that reports to the cache.
type Cache struct {
	mu       sync.RWMutex
	requests chan string
	replies  chan int
	values   map[string]int
}

func (c *Cache) serve() {
	for key := range c.requests {
		c.mu.RLock()
		v := c.values[key]
		c.mu.RUnlock()
		c.replies <- v + 1
	}
}

// Refresh waits for the loader with the lock held.
func (c *Cache) Refresh(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests <- key
	c.values[key] = <-c.replies // want "receive from c.replies blocks forever"
}

// Warm is bad: the loader waits for the lock of Refresh.
func Warm(keys []string) {
	c := &Cache{requests: make(chan string), replies: make(chan int), values: make(map[string]int)}
	go c.serve()
	defer close(c.requests)
	for _, key := range keys {
		c.Refresh(key)
	}
}

// Fanout is bad, though nothing is reported here: neither reader is ready, as both may wait for the lock.
func Fanout(values []int) (sums [2]int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	even, odd := make(chan int), make(chan int)
	read := func(i int, r <-chan int) {
		for v := range r {
			mu.Lock()
			sums[i] += v
			mu.Unlock()
		}
	}
	wg.Go(func() { read(0, even) })
	wg.Go(func() { read(1, odd) })
	for _, v := range values {
		mu.Lock()
		select {
		case even <- v:
		case odd <- -v:
		}
		mu.Unlock()
	}
	close(even)
	close(odd)
	wg.Wait()
	return sums
}

// A Pool hands its workers' results on under its lock.
type Pool struct {
	mu      sync.Mutex
	active  int
	results chan int
}

func (p *Pool) work(v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	p.results <- v * v // want "send on p.results blocks forever"
}

func (p *Pool) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.active > 0
}

// Squares is bad: busy waits for the lock of the worker that waits for
// Squares to receive.
func Squares(values []int) (sum int) {
	p := &Pool{active: len(values), results: make(chan int)}
	for _, v := range values {
		go p.work(v)
	}
	for p.busy() {
		sum += <-p.results
	}
	return sum
}

// Abandon is bad, though nothing is reported here: the reader leaves at the first value, and the sender keeps
// the lock that the reader takes next.
func Abandon(values []int) (first int) {
	var mu sync.Mutex
	ch := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for _, v := range values {
			ch <- v
		}
	}()
	first = <-ch
	mu.Lock()
	defer mu.Unlock()
	return first
}

// Window is bad: the workers lock mu, which is held when they are awaited.
func Window(tasks []func() int) (results []int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	defer mu.Unlock()
	for _, task := range tasks {
		wg.Add(1)
		mu.Unlock()
		go func() {
			defer wg.Done()
			v := task()
			mu.Lock()
			results = append(results, v)
			mu.Unlock()
		}()
		mu.Lock()
	}
	wg.Wait() // want "wg.Wait blocks forever"
	return results
}
