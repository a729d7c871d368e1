// Package badcallback holds functions that call, with a lock held, what comes
// back to the same lock: through an interface, a function value or the standard
// library.
package badcallback

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
)

// A State has a String method that locks.
type State struct {
	mu   sync.Mutex
	name string
	logs []string
}

// String locks the state.
func (s *State) String() string {
	s.mu.Lock() // want "s.mu.Lock blocks forever"
	defer s.mu.Unlock()
	return s.name
}

// Set is bad: fmt calls String.
func (s *State) Set(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs = append(s.logs, fmt.Sprintf("%v becomes %s", s, name))
	s.name = name
}

// A Document has a MarshalJSON method that locks.
type Document struct {
	mu     sync.RWMutex
	fields map[string]string
	saved  []byte
}

// MarshalJSON locks the document.
func (d *Document) MarshalJSON() ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return json.Marshal(d.fields)
}

// Save is bad: json calls MarshalJSON.
func (d *Document) Save() (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.saved, err = json.Marshal(d)
	return err
}

// A Board is sorted by its scores.
type Board struct {
	mu     sync.Mutex
	names  []string
	scores map[string]int
}

// Len is part of sort.Interface.
func (b *Board) Len() int { return len(b.names) }

// Swap is part of sort.Interface.
func (b *Board) Swap(i, j int) { b.names[i], b.names[j] = b.names[j], b.names[i] }

// Less locks to read the scores.
func (b *Board) Less(i, j int) bool {
	b.mu.Lock() // want "b.mu.Lock blocks forever"
	defer b.mu.Unlock()
	return b.scores[b.names[i]] < b.scores[b.names[j]]
}

// Sort is bad: sort calls Less.
func (b *Board) Sort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	sort.Sort(b)
}

// A Listener is told of changes.
type Listener interface {
	Changed(key string)
}

// A Config tells its listeners.
type Config struct {
	mu        sync.Mutex
	values    map[string]string
	listeners []Listener
}

// Get locks to read.
func (c *Config) Get(key string) string {
	c.mu.Lock() // want "c.mu.Lock blocks forever"
	defer c.mu.Unlock()
	return c.values[key]
}

// Set tells the listeners with the lock held.
func (c *Config) Set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
	for _, l := range c.listeners {
		l.Changed(key)
	}
}

type mirror struct {
	config *Config
	copies map[string]string
}

// Changed reads the value that has changed.
func (m *mirror) Changed(key string) { m.copies[key] = m.config.Get(key) }

// Mirror is bad: its listener reads the config while that tells it.
func Mirror(key, value string) map[string]string {
	c := &Config{values: make(map[string]string)}
	m := &mirror{c, make(map[string]string)}
	c.listeners = append(c.listeners, m)
	c.Set(key, value)
	return m.copies
}

// A Breaker calls a hook when it opens.
type Breaker struct {
	lock   sync.Mutex
	open   bool
	errs   int
	onOpen func()
}

// Open reports whether the breaker is open.
func (b *Breaker) Open() bool {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.open
}

// Fail calls the hook with the lock held.
func (b *Breaker) Fail() {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.errs++
	if b.errs > 2 && !b.open {
		b.open = true
		b.onOpen()
	}
}

// Trip is bad: its hook asks the breaker.
func Trip(failures int) (states []bool) {
	b := new(Breaker)
	b.onOpen = func() { states = append(states, b.Open()) }
	for range failures {
		b.Fail()
	}
	return states
}

// A Handler is one element of a chain.
type Handler interface {
	Handle(path string) error
}

// A Router is a Handler that looks up another one.
type Router struct {
	mu     sync.RWMutex
	routes map[string]Handler
}

// Handle calls the handler with the read lock held.
func (r *Router) Handle(path string) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if h, ok := r.routes[path]; ok {
		return h.Handle(path)
	}
	return errors.New("no route")
}

// Remove removes a route.
func (r *Router) Remove(path string) {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	delete(r.routes, path)
}

type onceOnly struct{ router *Router }

// Handle removes the route to itself.
func (o onceOnly) Handle(path string) error {
	o.router.Remove(path)
	return nil
}

// Serve is bad: the handler writes to the router that calls it.
func Serve(paths ...string) error {
	r := &Router{routes: make(map[string]Handler)}
	for _, p := range paths {
		r.routes[p] = onceOnly{r}
	}
	for _, p := range paths {
		if err := r.Handle(p); err != nil {
			return err
		}
	}
	return nil
}

// A Sized has a size.
type Sized interface{ Size() int }

// A Bucket counts what it holds; a bucket may hold buckets.
type Bucket[T Sized] struct {
	mu    sync.Mutex
	items []T
}

// Size locks the bucket.
func (b *Bucket[T]) Size() (n int) {
	b.mu.Lock() // want "b.mu.Lock blocks forever"
	defer b.mu.Unlock()
	for _, it := range b.items {
		n += it.Size()
	}
	return n
}

// Trim is bad: the condition of the loop locks.
func (b *Bucket[T]) Trim(max int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) > 0 && b.Size() > max {
		b.items = b.items[1:]
	}
}

type text string

func (t text) Size() int { return len(t) }

// Fit uses an instance of the bucket.
func Fit(max int, words ...string) int {
	b := new(Bucket[text])
	for _, w := range words {
		b.items = append(b.items, text(w))
	}
	b.Trim(max)
	return len(b.items)
}

// An Index finds words.
type Index struct {
	mu    sync.Mutex
	words []string
}

func (x *Index) compare(a, b string) int {
	x.mu.Lock() // want "x.mu.Lock blocks forever"
	defer x.mu.Unlock()
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// Sort is bad: the method value that slices calls locks.
func (x *Index) Sort() {
	x.mu.Lock()
	defer x.mu.Unlock()
	slices.SortFunc(x.words, x.compare)
}

// A Failure is an error that locks to tell what it is.
type Failure struct {
	mu     sync.Mutex
	causes []error
}

// Error locks the failure.
func (f *Failure) Error() string {
	f.mu.Lock() // want "f.mu.Lock blocks forever"
	defer f.mu.Unlock()
	return fmt.Sprint(len(f.causes), " causes")
}

// Add is bad: Errorf calls Error.
func (f *Failure) Add(cause string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.causes = append(f.causes, errors.New(cause))
	return fmt.Errorf("%s: %w", cause, f)
}
