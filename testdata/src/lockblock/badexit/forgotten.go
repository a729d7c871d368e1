package badexit

import "sync"

// A tally is locked by one method only, and unlocked by none.
type tally struct {
	mu sync.Mutex
	n  map[string]int
}

// Add is bad: the second call waits for the first one.
func (t *tally) Add(name string) {
	t.mu.Lock()
	t.n[name]++
} // want "returns with t.mu locked since line 13: whoever locks it next blocks forever"
