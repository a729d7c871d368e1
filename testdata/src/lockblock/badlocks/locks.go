// Package badlocks holds locks that are left locked, or taken twice, in ways
// that need the flow of values to be seen.
package badlocks

import (
	"errors"
	"os"
	"sync"
)

var errFull = errors.New("full")

// A Table has rows under a lock.
type Table struct {
	mu     sync.RWMutex
	rows   map[string]int
	closed bool
	limit  int
}

// Insert is bad: the first error was there before the lock, the second one was
// not.
func (t *Table) Insert(key string, v int) error {
	if key == "" {
		return os.ErrInvalid
	}
	t.mu.Lock()
	if len(t.rows) >= t.limit {
		return errFull // want "returns with t.mu locked since line 27"
	}
	t.rows[key] = v
	t.mu.Unlock()
	return nil
}

// Close is bad: the flag is looked at twice, because somebody else may set it
// in between, and then the lock stays.
func (t *Table) Close() {
	if t.closed {
		return
	}
	t.mu.Lock()
	if t.closed {
		return // want "returns with t.mu locked"
	}
	t.closed = true
	t.mu.Unlock()
}

// Sum is bad: the flag that says whether to unlock is set on one path only.
func (t *Table) Sum(shared bool) (n int) {
	locked := false
	if shared {
		t.mu.RLock()
		if t.limit > 0 {
			locked = true
		}
	}
	for _, v := range t.rows {
		n += v
	}
	if locked {
		t.mu.RUnlock()
	}
	return n // want "returns with t.mu read-locked"
}

// Clear is bad: the deferred literal unlocks if cleared is set, and the early
// return does not set it.
func (t *Table) Clear() {
	cleared := false
	t.mu.Lock()
	defer func() {
		if cleared {
			t.mu.Unlock()
		}
	}()
	if len(t.rows) == 0 {
		return // want "returns with t.mu locked"
	}
	clear(t.rows)
	cleared = true
}

// Swap is bad: a read lock is undone by Unlock.
func (t *Table) Swap(rows map[string]int) {
	t.mu.RLock()
	t.rows = rows
	t.mu.Unlock() // want "t.mu.Unlock does not match: t.mu is read-locked at line 87"
}

// Get is bad: the write lock is undone by RUnlock.
func (t *Table) Get(key string) int {
	t.mu.Lock()
	defer t.mu.RUnlock() // want "t.mu.RUnlock does not match: t.mu is locked at line 94"
	return t.rows[key]
}

// A Node has a lock of its own.
type Node struct {
	mu    sync.Mutex
	count int
}

// Touch is bad: continue goes on to the next node with this one locked.
func Touch(nodes []*Node) {
	for _, n := range nodes {
		n.mu.Lock() // want "n.mu is still locked when the loop goes on to the next one"
		if n.count == 0 {
			continue
		}
		n.count--
		n.mu.Unlock()
	}
}

// Drain is bad: Lock stands where Unlock was meant, in a defer.
func (n *Node) Drain() int {
	n.mu.Lock()
	defer n.mu.Lock() // want "n.mu.Lock blocks forever: the goroutine has locked n.mu at line 119"
	return n.count
}

// reset takes the lock unless its caller has it.
func (n *Node) reset(locked bool) {
	if !locked {
		n.mu.Lock() // want "n.mu.Lock blocks forever"
		defer n.mu.Unlock()
	}
	n.count = 0
}

// Restart is bad: it says that it does not hold the lock.
func (n *Node) Restart() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.reset(false)
}

// A View is made of a node, and knows it.
type View struct{ node *Node }

func (n *Node) view() *View { return &View{node: n} }

func (v *View) count() int {
	v.node.mu.Lock() // want "v.node.mu.Lock blocks forever"
	defer v.node.mu.Unlock()
	return v.node.count
}

// Twice is bad: the view locks the node that it was made of.
func (n *Node) Twice() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return 2 * n.view().count()
}

// A Conn is connected by a goroutine, which gets the lock from who starts it.
type Conn struct {
	mu    sync.Mutex
	state int
	dial  func() int
}

func (c *Conn) resetAndUnlock() {
	c.state = c.dial()
	c.mu.Unlock()
}

// Reconnect hands the lock to the goroutine.
func (c *Conn) Reconnect() {
	c.mu.Lock()
	go c.resetAndUnlock()
}

// Connect is bad: one of its exits neither unlocks nor hands the lock on.
func (c *Conn) Connect() {
	c.mu.Lock()
	if c.state < 0 {
		c.mu.Unlock()
		return
	}
	if c.state > 0 {
		return // want "returns with c.mu locked"
	}
	c.resetAndUnlock()
}

// A Lease has items.
type Lease struct {
	mu    sync.Mutex
	items map[string]bool
}

// Leases is a set of leases.
type Leases map[int]*Lease

// Attach is bad: nobody unlocks the lease, which stays in the set.
func (l Leases) Attach(id int, item string) {
	lease := l[id]
	if lease == nil {
		return
	}
	lease.mu.Lock()
	lease.items[item] = true
} // want "returns with lease.mu locked"

// Items needs the lock.
func (l *Lease) Items() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.items)
}
