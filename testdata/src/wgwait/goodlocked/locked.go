// Package goodlocked holds a Wait near locks that the awaited goroutines can have.
package goodlocked

import (
	"log"
	"sync"
)

// Totals is good: the lock is taken after the Wait.
func Totals(parts [][]int) (total int) {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	for _, part := range parts {
		wg.Go(func() {
			sum := 0
			for _, n := range part {
				sum += n
			}
			mu.Lock()
			defer mu.Unlock()
			total += sum
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	return total
}

// A Cache is refreshed by several goroutines.
type Cache struct {
	mu   sync.RWMutex
	vals map[string]int
	wg   sync.WaitGroup
	load func(key string) (int, error)
}

// NewCache returns a cache of values that load gives.
func NewCache(load func(string) (int, error)) *Cache {
	return &Cache{vals: make(map[string]int), load: load}
}

func (c *Cache) refresh(key string) {
	defer c.wg.Done()
	v, err := c.load(key)
	if err != nil {
		log.Print(err)
		return
	}
	c.mu.Lock()
	c.vals[key] = v
	c.mu.Unlock()
}

// RefreshAll is good: it gives the read lock up before the Wait.
func (c *Cache) RefreshAll(keys []string) {
	c.mu.RLock()
	for _, key := range keys {
		if _, ok := c.vals[key]; !ok {
			c.wg.Add(1)
			go c.refresh(key)
		}
	}
	c.mu.RUnlock()
	c.wg.Wait()
}

// Warm makes a cache that has the keys.
func Warm(keys []string, load func(string) (int, error)) *Cache {
	c := NewCache(load)
	c.RefreshAll(keys)
	return c
}

// A Pool is closed while its workers may report errors.
type Pool struct {
	mu   sync.Mutex
	errs []error
	wg   sync.WaitGroup
	jobs chan func() error
}

func newPool(workers int) *Pool {
	p := &Pool{jobs: make(chan func() error)}
	p.wg.Add(workers)
	for range workers {
		go p.work()
	}
	return p
}

func (p *Pool) work() {
	defer p.wg.Done()
	for job := range p.jobs {
		if err := job(); err != nil {
			p.mu.Lock()
			p.errs = append(p.errs, err)
			p.mu.Unlock()
		}
	}
}

func (p *Pool) close() []error {
	close(p.jobs)
	p.wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.errs
}

// Run is good: close locks when the workers have ended.
func Run(workers int, jobs []func() error) []error {
	p := newPool(workers)
	for _, job := range jobs {
		p.jobs <- job
	}
	return p.close()
}

// Other is good: the lock that is held over the Wait is not one that the workers take.
func Other(state *sync.Mutex, parts []int, add func(int)) {
	state.Lock()
	defer state.Unlock()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, n := range parts {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			add(n)
		})
	}
	wg.Wait()
}

// Shared is good: the function holds a read lock, and the workers need no more than that.
func Shared(keys []string, get func(string) int) (sum int) {
	var mu sync.RWMutex
	var each sync.Mutex
	var wg sync.WaitGroup
	mu.RLock()
	defer mu.RUnlock()
	for _, k := range keys {
		wg.Go(func() {
			mu.RLock()
			n := get(k)
			mu.RUnlock()
			each.Lock()
			sum += n
			each.Unlock()
		})
	}
	wg.Wait()
	return sum
}

// Window is good: the deferred Unlock has a Lock again before it.
func Window(parts []int, add func(int)) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	defer mu.Unlock()
	for _, n := range parts {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			add(n)
		})
	}
	mu.Unlock()
	wg.Wait()
	mu.Lock()
}
