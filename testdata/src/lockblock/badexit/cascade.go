package badexit

import (
	"errors"
	"sync"
)

// A meter is read and written below its lock.
type meter struct {
	mu sync.Mutex
	n  int
}

var errNegative = errors.New("negative")

// Put is bad: it is the one that is to be mended.
func (m *meter) Put(n int) error {
	m.mu.Lock()
	if n < 0 {
		return errNegative // want "returns with m.mu locked since line 18: whoever locks it next blocks forever"
	}
	m.n += n
	m.mu.Unlock()
	return nil
}

// PutAll hangs in the second Put after an error, and is right when Put is.
func (m *meter) PutAll(ns []int) error {
	for _, n := range ns {
		if err := m.Put(n); err != nil {
			return err
		}
	}
	return nil
}

// PutAndGet locks again, after the error of Put.
func (m *meter) PutAndGet(n int) (int, error) {
	err := m.Put(n)
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n, err
}

// Reset is bad as well.
func (m *meter) Reset() {
	m.mu.Lock()
	m.n = 0
} // want "returns with m.mu locked since line 47: whoever locks it next blocks forever"

// ResetAndGet always hangs, and is right when Reset is.
func (m *meter) ResetAndGet() int {
	m.Reset()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}
