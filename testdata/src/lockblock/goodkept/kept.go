// Package goodkept has locks that a function takes and that somebody else gives back, or nobody waits for.
package goodkept

import "sync"

// process is locked while the program lives.
var process sync.Mutex

func claim() bool { return process.TryLock() }

// Claim is good: whoever comes too late is told so.
func Claim() bool {
	for range 3 {
		if claim() {
			return true
		}
	}
	return false
}

type table struct {
	mu   sync.RWMutex
	rows map[string]int
}

// Row is good: the literal that is deferred restores what the window has taken away.
func (t *table) Row(name string, load func() int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if _, ok := t.rows[name]; !ok {
		func() {
			t.mu.RUnlock()
			t.mu.Lock()
			defer func() {
				t.mu.Unlock()
				t.mu.RLock()
			}()
			t.rows[name] = load()
		}()
	}
	return t.rows[name]
}

// NewTable has a row.
func NewTable() *table { return &table{rows: map[string]int{"zero": 0}} }

var (
	stateMu sync.Mutex
	state   int
)

func begin() { stateMu.Lock() }

func end() { stateMu.Unlock() }

// Change is good: what begins ends, whoever calls what.
func Change(steps []func(int) int) {
	for _, step := range steps {
		begin()
		state = step(state)
		end()
	}
}

// Scope is good: the literal that it returns unlocks.
func Scope() (leave func()) {
	enter := func() { stateMu.Lock() }
	enter()
	return func() { stateMu.Unlock() }
}

// Locked is good: the function value that is given away unlocks what the other one locks.
func Locked(register func(lock, unlock func())) {
	register(func() { stateMu.Lock() }, func() { stateMu.Unlock() })
}
