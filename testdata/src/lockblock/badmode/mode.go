// Package badmode holds locks that are undone by the wrong call: of the other
// mode of an RWMutex, or by another Lock.
package badmode

import (
	"errors"
	"sync"
)

var errNotFound = errors.New("not found")

// A Directory maps names to addresses.
type Directory struct {
	mu    sync.RWMutex
	addrs map[string]string
	gen   int
}

// Lookup is bad: Unlock undoes RLock, which is a fatal error.
func (d *Directory) Lookup(name string) (string, error) {
	d.mu.RLock()
	defer d.mu.Unlock() // want "d.mu"
	addr, ok := d.addrs[name]
	if !ok {
		return "", errNotFound
	}
	return addr, nil
}

// Add is bad: RUnlock undoes Lock, which is a fatal error.
func (d *Directory) Add(name, addr string) {
	d.mu.Lock()
	d.addrs[name] = addr
	d.gen++
	d.mu.RUnlock() // want "d.mu"
}

// Generation is bad: Lock is deferred where Unlock was meant.
func (d *Directory) Generation() int {
	d.mu.Lock()
	defer d.mu.Lock() // want "d.mu.Lock blocks forever"
	return d.gen
}

// Names is bad: RLock is deferred where RUnlock was meant, and holds the
// writers up for ever.
func (d *Directory) Names() (names []string) {
	d.mu.RLock()
	defer d.mu.RLock() // want "d.mu.RLock blocks forever"
	for name := range d.addrs {
		names = append(names, name)
	}
	return names
}

// Remove is bad: it looks with the read lock, removes with the write lock, and
// gives only one of them back.
func (d *Directory) Remove(name string) bool {
	d.mu.RLock()
	_, ok := d.addrs[name]
	if ok {
		d.mu.RUnlock()
		d.mu.Lock()
		delete(d.addrs, name)
	}
	d.mu.Unlock() // want "d.mu"
	return ok
}
