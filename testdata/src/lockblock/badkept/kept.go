// Package badkept has locks that one function takes, and nothing ever gives back.
package badkept

import (
	"os"
	"sync"
)

var (
	namesMu sync.Mutex
	names   = map[string]int{}
)

// number is bad: nothing else takes the lock, but it is called again.
func number(name string) int {
	namesMu.Lock()
	if n, ok := names[name]; ok {
		return n // want "returns with namesMu locked since line 16: whoever locks it next blocks forever"
	}
	names[name] = len(names)
	return names[name] // want "returns with namesMu locked since line 16"
}

// Numbers calls it.
func Numbers(list []string) (all []int) {
	for _, name := range list {
		all = append(all, number(name))
	}
	return all
}

type clients struct {
	mu   sync.Mutex
	open map[string]*os.File
}

func (c *clients) get(name string) (*os.File, error) {
	c.mu.Lock()
	if f, ok := c.open[name]; ok {
		return f, nil // want "returns with c.mu locked since line 38"
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err // want "returns with c.mu locked since line 38"
	}
	c.open[name] = f
	return f, nil // want "returns with c.mu locked since line 38"
}

// Sizes is given its clients twice.
func Sizes(name string) (n int) {
	c := &clients{open: make(map[string]*os.File)}
	for range 2 {
		if f, err := c.get(name); err == nil {
			f.Close()
		}
		n++
	}
	return n
}

var (
	statusMu sync.Mutex
	status   func() string
)

// Publish is bad: what it gives away leaves the lock locked.
func Publish(publish func(func() string)) {
	publish(func() string {
		statusMu.Lock()
		if status == nil {
			return "" // want "returns with statusMu locked since line 70"
		}
		return status() // want "returns with statusMu locked since line 70"
	})
}

// SetStatus blocks then.
func SetStatus(f func() string) {
	statusMu.Lock()
	defer statusMu.Unlock()
	status = f
}

type watched struct {
	mu sync.Mutex
	n  int
}

// Watch is bad: the goroutine does not unlock.
func (w *watched) Watch(changed <-chan int) {
	go func() {
		for range changed {
			w.add() // the second time, it blocks
		}
	}()
}

func (w *watched) add() {
	w.mu.Lock()
	w.n++
} // want "returns with w.mu locked since line 100"
