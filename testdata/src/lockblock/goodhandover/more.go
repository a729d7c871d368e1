package goodhandover

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"
)

// A Collection is locked by Start and unlocked by Finish or Cancel of what
// Start returns.
type Collection struct {
	mu    sync.RWMutex
	items []string
	reads int
}

// A Batch belongs to a collection that is locked.
type Batch struct {
	c     *Collection
	items []string
}

// Start is good: the batch holds the lock.
func (c *Collection) Start() *Batch {
	c.mu.Lock()
	return &Batch{c: c}
}

// StartIfEmpty is good: without a batch, the lock is released.
func (c *Collection) StartIfEmpty() (*Batch, bool) {
	c.mu.Lock()
	if len(c.items) > 0 {
		c.mu.Unlock()
		return nil, false
	}
	return &Batch{c: c}, true
}

// Finish is good: it unlocks what Start has locked.
func (b *Batch) Finish() {
	b.c.items = append(b.c.items, b.items...)
	b.c.mu.Unlock()
}

// Cancel is good: it unlocks what Start has locked.
func (b *Batch) Cancel() { b.c.mu.Unlock() }

// Open is good: the reader that it returns unlocks when it is closed.
func (c *Collection) Open() io.Closer {
	c.mu.RLock()
	return closer(c.mu.RUnlock)
}

type closer func()

func (f closer) Close() error {
	f()
	return nil
}

// lock and unlock are wrappers.
func (c *Collection) lock() {
	start := time.Now()
	c.mu.Lock()
	if time.Since(start) > time.Second {
		c.reads++
	}
}

func (c *Collection) unlock() { c.mu.Unlock() }

// guard is for defer c.guard()().
func (c *Collection) guard() func() {
	c.lock()
	return c.unlock
}

// Add is good: what guard returns is deferred.
func (c *Collection) Add(items ...string) {
	defer c.guard()()
	c.items = append(c.items, items...)
}

// Clear is good: wrappers lock and unlock.
func (c *Collection) Clear() bool {
	c.lock()
	if len(c.items) == 0 {
		c.unlock()
		return false
	}
	c.items = nil
	c.unlock()
	return true
}

// tryLock says whether it has locked.
func (c *Collection) tryLock(ctx context.Context) bool {
	for ctx.Err() == nil {
		if c.mu.TryLock() {
			return true
		}
		time.Sleep(time.Microsecond)
	}
	return false
}

// lockContext is a lock that can fail.
func (c *Collection) lockContext(ctx context.Context) error {
	if !c.tryLock(ctx) {
		return ctx.Err()
	}
	return nil
}

// Replace is good: where the lock has failed, there is nothing to unlock.
func (c *Collection) Replace(ctx context.Context, items []string) error {
	if err := c.lockContext(ctx); err != nil {
		return err
	}
	defer c.unlock()
	c.items = items
	return nil
}

// TryAdd is good: it unlocks if it has locked.
func (c *Collection) TryAdd(item string) bool {
	locked := c.mu.TryLock()
	if locked {
		defer c.mu.Unlock()
		c.items = append(c.items, item)
	}
	return locked
}

// Hold is good: the timer unlocks.
func (c *Collection) Hold(d time.Duration) {
	c.mu.Lock()
	time.AfterFunc(d, c.mu.Unlock)
}

// Schedule is good: the function that it gives away unlocks.
func (c *Collection) Schedule(run func(func())) {
	c.mu.Lock()
	run(func() {
		defer c.mu.Unlock()
		c.items = nil
	})
}

// lockForTest is good: the end of the test unlocks.
func (c *Collection) lockForTest(t testing.TB) {
	c.mu.Lock()
	t.Cleanup(c.mu.Unlock)
}

// A Machine runs with its lock held, and gives it up while it sleeps.
type Machine struct {
	sync.Locker
	steps int
}

// sleep is called with the lock held.
func (m *Machine) sleep(d time.Duration) {
	m.Unlock()
	time.Sleep(d)
	m.Lock()
}

// Run is good: it unlocks once for each time that it has locked.
func (m *Machine) Run(steps int) {
	m.Lock()
	defer m.Unlock()
	for range steps {
		m.steps++
		m.sleep(time.Microsecond)
	}
}

// Step is good: the window is closed before the deferred Unlock runs.
func (m *Machine) Step(f func() error) (err error) {
	m.Lock()
	defer m.Unlock()
	func() {
		m.Unlock()
		defer m.Lock()
		err = f()
	}()
	if err != nil {
		return err
	}
	m.steps++
	return nil
}

// RunAll runs two machines that share a lock.
func RunAll(steps int) int {
	var mu sync.Mutex
	a, b := &Machine{Locker: &mu}, &Machine{Locker: &mu}
	var wg sync.WaitGroup
	wg.Go(func() { a.Run(steps) })
	wg.Go(func() { b.Run(steps) })
	wg.Wait()
	a.Step(func() error { return nil })
	return a.steps + b.steps
}

// Baton is good: the lock goes from goroutine to goroutine.
func Baton(runners int) (laps int) {
	var baton sync.Mutex
	baton.Lock()
	var wg sync.WaitGroup
	for range runners {
		wg.Go(func() {
			baton.Lock()
			laps++
			baton.Unlock()
		})
	}
	baton.Unlock()
	wg.Wait()
	return laps
}

// process is locked while the program lives.
var process sync.Mutex

// Claim is good: the lock is meant to be kept.
func Claim() bool { return process.TryLock() }

// Acquire is good: its counterpart is Release, and its user calls both.
func (c *Collection) Acquire() []string {
	c.mu.RLock()
	return c.items
}

// Release is good: its counterpart is Acquire.
func (c *Collection) Release() { c.mu.RUnlock() }

// Retry is good: goto leads back to a lock that has been released.
func (c *Collection) Retry(limit int) int {
again:
	c.mu.Lock()
	if len(c.items) < limit {
		c.items = append(c.items, "")
		c.mu.Unlock()
		goto again
	}
	n := len(c.items)
	c.mu.Unlock()
	return n
}

// Kind is good: fallthrough leads to the Unlock.
func (c *Collection) Kind(kind int) (n int) {
	c.mu.Lock()
	switch kind {
	case 0:
		n = 1
		fallthrough
	case 1:
		n += len(c.items)
		c.mu.Unlock()
	default:
		c.mu.Unlock()
		n = -1
	}
	return n
}
