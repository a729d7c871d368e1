// Package goodmode holds locks of an RWMutex that are undone by the call of
// their mode.
package goodmode

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

// Lookup is good: RUnlock undoes RLock.
func (d *Directory) Lookup(name string) (string, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	addr, ok := d.addrs[name]
	if !ok {
		return "", errNotFound
	}
	return addr, nil
}

// Add is good: Unlock undoes Lock.
func (d *Directory) Add(name, addr string) {
	d.mu.Lock()
	d.addrs[name] = addr
	d.gen++
	d.mu.Unlock()
}

// unlocked is good: it is called with the lock held, and the deferred Lock
// takes it again.
func (d *Directory) unlocked(f func()) {
	d.mu.Unlock()
	defer d.mu.Lock()
	f()
}

// Generation is good: f runs without the lock.
func (d *Directory) Generation(f func()) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unlocked(f)
	return d.gen
}

// Names is good: RUnlock undoes RLock.
func (d *Directory) Names() (names []string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for name := range d.addrs {
		names = append(names, name)
	}
	return names
}

// Remove is good: each path gives back the lock that it holds.
func (d *Directory) Remove(name string) bool {
	d.mu.RLock()
	_, ok := d.addrs[name]
	d.mu.RUnlock()
	if ok {
		d.mu.Lock()
		delete(d.addrs, name)
		d.mu.Unlock()
	}
	return ok
}

// Publish is good: a writer gives the lock up and goes on as a reader.
func (d *Directory) Publish(name, addr string, send func(map[string]string)) {
	d.mu.Lock()
	d.addrs[name] = addr
	d.mu.Unlock()
	d.mu.RLock()
	defer d.mu.RUnlock()
	send(d.addrs)
}

// Apply is good: the locker is the read lock, and its Unlock is RUnlock.
func (d *Directory) Apply(f func(map[string]string)) {
	with(d.mu.RLocker(), func() { f(d.addrs) })
}

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}
