package goodexit

import (
	"context"
	"io"
	"sync"
	"time"
)

// A Counter embeds its lock.
type Counter struct {
	sync.Mutex
	counts map[string]int
}

// Add is good: a negative delta unlocks, too.
func (c *Counter) Add(key string, delta int) bool {
	c.Lock()
	if delta < 0 {
		c.Unlock()
		return false
	}
	c.counts[key] += delta
	c.Unlock()
	return true
}

// A Registry is generic.
type Registry[K comparable, V any] struct {
	mu    sync.RWMutex
	items map[K]V
}

// Register is good: a deferred call unlocks.
func (r *Registry[K, V]) Register(key K, v V) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.items[key]; ok {
		return errFull
	}
	r.items[key] = v
	return nil
}

// Names is the registry of this package.
var Names = &Registry[string, int]{items: make(map[string]int)}

// RegisterName uses an instance of the registry.
func RegisterName(name string, id int) error { return Names.Register(name, id) }

// A Conn is a connection of a pool.
type Conn struct {
	broken bool
	io.Closer
}

// A Pool keeps idle connections.
type Pool struct {
	mu     sync.Mutex
	idle   []*Conn
	open   int
	max    int
	closed bool
}

// Acquire is good: six exits, each with its Unlock.
func (p *Pool) Acquire(ctx context.Context, dial func(context.Context) (*Conn, error)) (*Conn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	if p.open >= p.max {
		p.mu.Unlock()
		return nil, errFull
	}
	c, err := dial(ctx)
	if err != nil {
		p.mu.Unlock()
		return nil, err
	}
	p.open++
	p.mu.Unlock()
	return c, nil
}

// Release is good: a broken connection is closed without the lock.
func (p *Pool) Release(c *Conn) error {
	p.mu.Lock()
	if c.broken {
		p.open--
		p.mu.Unlock()
		return c.Close()
	}
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	return nil
}

// A Monitor hides its lock behind two methods.
type Monitor struct {
	state   sync.Mutex
	waited  time.Duration
	stopped bool
	samples []float64
}

func (m *Monitor) enter() {
	start := time.Now()
	m.state.Lock()
	m.waited += time.Since(start)
}

func (m *Monitor) leave() {
	m.state.Unlock()
}

// Record is good: enter locks, and each exit leaves.
func (m *Monitor) Record(v float64) error {
	m.enter()
	if m.stopped {
		m.leave()
		return errClosed
	}
	m.samples = append(m.samples, v)
	m.leave()
	return nil
}

// lockOpen locks unless the monitor has been stopped.
func (m *Monitor) lockOpen() error {
	m.enter()
	if m.stopped {
		m.leave()
		return errClosed
	}
	return nil
}

// Reset is good: lockOpen does not keep the lock when it fails.
func (m *Monitor) Reset() error {
	if err := m.lockOpen(); err != nil {
		return err
	}
	defer m.leave()
	m.samples = nil
	return nil
}

// Queue holds jobs for a worker.
type Queue struct {
	mu   sync.Mutex
	jobs []func() error
	wake chan struct{}
}

// TryPush is good: where TryLock has locked, each exit unlocks.
func (q *Queue) TryPush(job func() error) bool {
	if !q.mu.TryLock() {
		return false
	}
	if len(q.jobs) == cap(q.jobs) {
		q.mu.Unlock()
		return false
	}
	q.jobs = append(q.jobs, job)
	q.mu.Unlock()
	return true
}

// Push is good: both cases unlock.
func (q *Queue) Push(ctx context.Context, job func() error) error {
	q.mu.Lock()
	q.jobs = append(q.jobs, job)
	select {
	case q.wake <- struct{}{}:
		q.mu.Unlock()
	case <-ctx.Done():
		q.mu.Unlock()
		return ctx.Err()
	}
	return nil
}

// Run is good: the closure unlocks by a deferred call.
func (q *Queue) Run() (err error) {
	step := func() error {
		q.mu.Lock()
		defer q.mu.Unlock()
		for _, job := range q.jobs {
			if err := job(); err != nil {
				return err
			}
		}
		q.jobs = q.jobs[:0]
		return nil
	}
	for range 3 {
		if err = step(); err == nil {
			break
		}
	}
	return err
}

// Drain is good: it locks unless its caller has, and unlocks if it has locked.
func (q *Queue) Drain(locked bool) []func() error {
	if !locked {
		q.mu.Lock()
	}
	if len(q.jobs) == 0 {
		if !locked {
			q.mu.Unlock()
		}
		return nil
	}
	jobs := q.jobs
	q.jobs = nil
	if !locked {
		q.mu.Unlock()
	}
	return jobs
}

// Copy is good: a deferred closure releases both locks.
func Copy(dst, src *Counter) error {
	src.Lock()
	dst.Lock()
	defer func() {
		dst.Unlock()
		src.Unlock()
	}()
	for k, n := range src.counts {
		if n < 0 {
			return errNotFound
		}
		dst.counts[k] += n
	}
	return nil
}

var (
	configMu sync.Mutex
	config   = map[string]string{}
)

// Setting is good: it unlocks before it looks at what it has found.
func Setting(name string) (string, bool) {
	configMu.Lock()
	v, ok := config[name]
	configMu.Unlock()
	if !ok {
		return "", false
	}
	return v, true
}

// Each is good: the callback that says stop ends the loop.
func Each[T any](mu sync.Locker, items []T, f func(T) bool) {
	mu.Lock()
	for _, v := range items {
		if !f(v) {
			break
		}
	}
	mu.Unlock()
}

// Refresh is good: load runs without the lock, and its error returns without it.
func (c *Cache) Refresh(key string, load func(string) (string, error)) error {
	c.mu.Lock()
	if _, ok := c.entries[key]; ok {
		c.mu.Unlock()
		return nil
	}
	c.mu.Unlock()
	v, err := load(key)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.entries[key] = entry{value: v}
	c.mu.Unlock()
	return nil
}

// Serve recovers from what a handler panics with.
func Serve(c *Counter, key string, handle func(int) int) (err error) {
	defer func() {
		if recover() != nil {
			err = errClosed
		}
	}()
	c.update(key, handle)
	return nil
}

// update is good: a deferred call unlocks before Serve recovers.
func (c *Counter) update(key string, f func(int) int) {
	c.Lock()
	defer c.Unlock()
	n := c.counts[key]
	if n < 0 {
		panic("negative count")
	}
	c.counts[key] = f(n)
}

// A Tx holds the lock of its store from Begin to Commit.
type Tx struct {
	store *Store
	done  bool
}

// A Store has one transaction at a time.
type Store struct {
	mu       sync.Mutex
	readOnly bool
	data     map[string]string
}

// Begin is good: the transaction unlocks; without one, Begin does.
func (s *Store) Begin() (*Tx, error) {
	s.mu.Lock()
	if s.readOnly {
		s.mu.Unlock()
		return nil, errClosed
	}
	return &Tx{store: s}, nil
}

// Commit ends the transaction.
func (tx *Tx) Commit() {
	tx.done = true
	tx.store.mu.Unlock()
}

// Flush is good: the goroutine unlocks where it is started.
func (s *Store) Flush(write func(map[string]string)) bool {
	s.mu.Lock()
	if len(s.data) == 0 {
		s.mu.Unlock()
		return false
	}
	go func() {
		defer s.mu.Unlock()
		write(s.data)
	}()
	return true
}

// Poll is good: a time-out unlocks before it leaves through the label.
func (q *Queue) Poll(timeout <-chan time.Time) (n int) {
loop:
	for {
		q.mu.Lock()
		select {
		case <-q.wake:
			n = len(q.jobs)
		case <-timeout:
			q.mu.Unlock()
			break loop
		}
		q.mu.Unlock()
		if n > 0 {
			return n
		}
	}
	return -1
}

// Must is good: the program does not survive the panic.
func (c *Counter) Must(key string) int {
	c.Lock()
	n, ok := c.counts[key]
	if !ok {
		panic("no count for " + key)
	}
	c.Unlock()
	return n
}
