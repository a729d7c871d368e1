package badexit

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

// Add is bad: a negative delta returns with the lock held.
func (c *Counter) Add(key string, delta int) bool {
	c.Lock()
	if delta < 0 {
		return false // want "returns with c(.Mutex)? locked"
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

// Register is bad: a key that is taken returns with the lock held.
func (r *Registry[K, V]) Register(key K, v V) error {
	r.mu.Lock()
	if _, ok := r.items[key]; ok {
		return errFull // want "returns with r.mu locked"
	}
	r.items[key] = v
	r.mu.Unlock()
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

// Acquire is bad: the error of dial is returned with the lock held.
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
		return nil, err // want "returns with p.mu locked"
	}
	p.open++
	p.mu.Unlock()
	return c, nil
}

// Release is bad: a broken connection is closed and forgotten, and the lock
// with it.
func (p *Pool) Release(c *Conn) error {
	p.mu.Lock()
	if c.broken {
		p.open--
		return c.Close() // want "returns with p.mu locked"
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

// Record is bad: enter locks, and the exit for a stopped monitor does not
// leave.
func (m *Monitor) Record(v float64) error {
	m.enter()
	if m.stopped {
		return errClosed // want "returns with m.state locked"
	}
	m.samples = append(m.samples, v)
	m.leave()
	return nil
}

// lockOpen locks, and says whether the monitor is still open.
func (m *Monitor) lockOpen() error {
	m.enter()
	if m.stopped {
		return errClosed
	}
	return nil
}

// Reset is bad: lockOpen keeps the lock when it fails, and Reset does not know.
func (m *Monitor) Reset() error {
	if err := m.lockOpen(); err != nil {
		return err // want "returns with m.state locked"
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

// TryPush is bad: TryLock has locked, and the exit for a full queue keeps it.
func (q *Queue) TryPush(job func() error) bool {
	if !q.mu.TryLock() {
		return false
	}
	if len(q.jobs) == cap(q.jobs) {
		return false // want "returns with q.mu locked"
	}
	q.jobs = append(q.jobs, job)
	q.mu.Unlock()
	return true
}

// Push is bad: the case for a cancelled context returns with the lock held.
func (q *Queue) Push(ctx context.Context, job func() error) error {
	q.mu.Lock()
	q.jobs = append(q.jobs, job)
	select {
	case q.wake <- struct{}{}:
		q.mu.Unlock()
	case <-ctx.Done():
		return ctx.Err() // want "returns with q.mu locked"
	}
	return nil
}

// Run is bad: the closure returns its job's error with the lock held.
func (q *Queue) Run() (err error) {
	step := func() error {
		q.mu.Lock()
		for _, job := range q.jobs {
			if err := job(); err != nil {
				return err // want "returns with q.mu locked"
			}
		}
		q.jobs = q.jobs[:0]
		q.mu.Unlock()
		return nil
	}
	for range 3 {
		if err = step(); err == nil {
			break
		}
	}
	return err
}

// Drain is bad: it locks unless its caller has, and unlocks on one exit only.
func (q *Queue) Drain(locked bool) []func() error {
	if !locked {
		q.mu.Lock()
	}
	if len(q.jobs) == 0 {
		return nil // want "returns with q.mu locked"
	}
	jobs := q.jobs
	q.jobs = nil
	if !locked {
		q.mu.Unlock()
	}
	return jobs
}

// Copy is bad: the lock of src is released, that of dst is not.
func Copy(dst, src *Counter) error {
	src.Lock()
	defer src.Unlock()
	dst.Lock()
	for k, n := range src.counts {
		if n < 0 {
			return errNotFound // want "returns with dst(.Mutex)? locked"
		}
		dst.counts[k] += n
	}
	dst.Unlock()
	return nil
}

var (
	configMu sync.Mutex
	config   = map[string]string{}
)

// Setting is bad: the lock of a package variable is held on the way out.
func Setting(name string) (string, bool) {
	configMu.Lock()
	v, ok := config[name]
	if !ok {
		return "", false // want "returns with configMu locked"
	}
	configMu.Unlock()
	return v, true
}

// Each is bad: the callback that says stop ends the function with the lock
// held.
func Each[T any](mu sync.Locker, items []T, f func(T) bool) {
	mu.Lock()
	for _, v := range items {
		if !f(v) {
			return // want "returns with mu locked"
		}
	}
	mu.Unlock()
}

// Refresh is bad: the window that is opened for load is closed again, but the
// error exit thinks it is still open.
func (c *Cache) Refresh(key string, load func(string) (string, error)) error {
	c.mu.Lock()
	if _, ok := c.entries[key]; ok {
		c.mu.Unlock()
		return nil
	}
	c.mu.Unlock()
	v, err := load(key)
	c.mu.Lock()
	if err != nil {
		return err // want "returns with c.mu locked"
	}
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

// update is bad: f may panic, Serve recovers, and the lock is held for ever.
func (c *Counter) update(key string, f func(int) int) {
	c.Lock()
	n := c.counts[key]
	if n < 0 {
		panic("negative count") // want "c(.Mutex)? locked"
	}
	c.counts[key] = f(n)
	c.Unlock()
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

// Begin is bad: the caller gets no transaction that could unlock the store.
func (s *Store) Begin() (*Tx, error) {
	s.mu.Lock()
	if s.readOnly {
		return nil, errClosed // want "returns with s.mu locked"
	}
	return &Tx{store: s}, nil
}

// Commit ends the transaction.
func (tx *Tx) Commit() {
	tx.done = true
	tx.store.mu.Unlock()
}

// Flush is bad: the goroutine unlocks, but it is not started on each path.
func (s *Store) Flush(write func(map[string]string)) bool {
	s.mu.Lock()
	if len(s.data) == 0 {
		return false // want "returns with s.mu locked"
	}
	go func() {
		defer s.mu.Unlock()
		write(s.data)
	}()
	return true
}

// Poll is bad: a time-out leaves through the label with the lock held.
func (q *Queue) Poll(timeout <-chan time.Time) (n int) {
loop:
	for {
		q.mu.Lock()
		select {
		case <-q.wake:
			n = len(q.jobs)
		case <-timeout:
			break loop
		}
		q.mu.Unlock()
		if n > 0 {
			return n
		}
	}
	return -1 // want "returns with q.mu locked"
}
