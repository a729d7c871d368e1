// Package goodheld holds operations that block with a lock held which the other
// side does not need, or without the lock.
package goodheld

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Broker hands events to a consumer, who locks the broker.
type Broker struct {
	mu     sync.Mutex
	events chan string
	seen   map[string]int
}

// Emit sends without the lock.
func (b *Broker) Emit(e string) {
	b.mu.Lock()
	b.seen[e] = 0
	b.mu.Unlock()
	b.events <- e
}

func (b *Broker) consume() {
	for e := range b.events {
		b.mu.Lock()
		b.seen[e]++
		b.mu.Unlock()
	}
}

// Broadcast is good: Emit does not hold the lock while it waits for the consumer.
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

// Crawl is good: it locks when the workers have ended.
func (c *Crawler) Crawl(urls []string) int {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.fetch(u)
		}()
	}
	wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
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

// Stop waits for the loops without the lock.
func (s *Server) Stop() int {
	close(s.quit)
	s.wg.Wait()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.conns)
}

// Run is good: Stop locks when the loops have ended.
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

// Result waits for the job without the lock.
func (j *Job) Result() int {
	<-j.done
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.result
}

// Compute is good: the job can store its result.
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

// Load is good: the tasks lock the table, Load does not.
func (t *Table) Load(ctx context.Context, ids []int, get func(context.Context, int) (string, error)) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error {
			row, err := get(ctx, id)
			t.Lock()
			defer t.Unlock()
			t.rows[id] = row
			return err
		})
	}
	return g.Wait()
}

// A Mailbox has room for one message.
type Mailbox struct {
	mu   sync.Mutex
	box  chan string
	sent int
}

// Put sends without the lock.
func (m *Mailbox) Put(text string) {
	m.mu.Lock()
	m.sent++
	m.mu.Unlock()
	m.box <- text
}

// Take receives without the lock.
func (m *Mailbox) Take() string {
	text := <-m.box
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent--
	return text
}

// Deliver is good: the second message waits for a Take that can go on.
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

// Refresh waits for the loader without the lock.
func (c *Cache) Refresh(key string) {
	c.requests <- key
	v := <-c.replies
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = v
}

// Warm is good: Refresh locks when it has its reply.
func Warm(keys []string) {
	c := &Cache{requests: make(chan string), replies: make(chan int), values: make(map[string]int)}
	go c.serve()
	defer close(c.requests)
	for _, key := range keys {
		c.Refresh(key)
	}
}

// Fanout is good: the readers have a lock that is not held over the select.
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
		select {
		case even <- v:
		case odd <- -v:
		}
	}
	close(even)
	close(odd)
	wg.Wait()
	return sums
}

// A Pool hands its workers' results on without its lock.
type Pool struct {
	mu      sync.Mutex
	active  int
	results chan int
}

func (p *Pool) work(v int) {
	p.results <- v * v
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
}

func (p *Pool) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.active > 0
}

// Squares is good: no worker holds the lock while it sends.
func Squares(values []int) (sum int) {
	p := &Pool{active: len(values), results: make(chan int)}
	for _, v := range values {
		go p.work(v)
	}
	for range values {
		sum += <-p.results
	}
	for p.busy() {
		runtime.Gosched()
	}
	return sum
}

// Abandon is good: the reader takes all values, and the lock then.
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
	for range values[1:] {
		<-ch
	}
	mu.Lock()
	defer mu.Unlock()
	return first
}

// Window is good: mu is not held when the workers that lock it are awaited.
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
	mu.Unlock()
	wg.Wait()
	mu.Lock()
	return results
}

// A Gauge sends with its lock held, to a reader that does not lock it.
type Gauge struct {
	mu      sync.Mutex
	value   int
	updates chan int
}

// Set is good: the lock keeps the updates in order, and the reader does
// without it.
func (g *Gauge) Set(v int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value = v
	g.updates <- v
}

// Track sets from several goroutines.
func Track(values []int) (sum int) {
	g := &Gauge{updates: make(chan int)}
	for _, v := range values {
		go g.Set(v)
	}
	for range values {
		sum += <-g.updates
	}
	return sum
}

// Notify is good: the send with the lock held has a default.
func (b *Broker) Notify(e string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.events <- e:
		return true
	default:
		return false
	}
}

// Nudge notifies a consumer that locks.
func Nudge(events []string) (n int) {
	b := &Broker{events: make(chan string, 1), seen: make(map[string]int)}
	defer close(b.events)
	go b.consume()
	for _, e := range events {
		if b.Notify(e) {
			n++
		}
	}
	return n
}

// Collect is good: the channel has room for all that is sent with the lock held.
func Collect(values []int) (sum int) {
	var mu sync.Mutex
	results := make(chan int, len(values))
	for _, v := range values {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			results <- v
		}()
	}
	for range values {
		mu.Lock()
		select {
		case v := <-results:
			sum += v
			mu.Unlock()
		default:
			mu.Unlock()
			sum += <-results
		}
	}
	return sum
}

// Patient is good: the sender gives up with the context, and the lock with it.
func Patient(ctx context.Context, values []int) (first int) {
	ctx, cancel := context.WithCancel(ctx)
	var mu sync.Mutex
	ch := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for _, v := range values {
			select {
			case ch <- v:
			case <-ctx.Done():
				return
			}
		}
	}()
	first = <-ch
	cancel()
	mu.Lock()
	defer mu.Unlock()
	return first
}

// Shared is good: the awaited workers lock another lock.
func Shared(values []int) (sum int) {
	var outer, inner sync.Mutex
	outer.Lock()
	defer outer.Unlock()
	var wg sync.WaitGroup
	for _, v := range values {
		wg.Go(func() {
			inner.Lock()
			defer inner.Unlock()
			sum += v
		})
	}
	wg.Wait()
	return sum
}

// Reading is good: the awaited workers only read, as the waiter does.
func (s *Server) Reading(ids []int) (n int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := make([]bool, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() { found[i] = s.conns[id] })
	}
	wg.Wait()
	for _, ok := range found {
		if ok {
			n++
		}
	}
	return n
}
