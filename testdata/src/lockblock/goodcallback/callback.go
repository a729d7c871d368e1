// Package goodcallback holds functions that call what comes back to their lock
// without the lock, or that call with the lock held what does not come back.
package goodcallback

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
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

// Set is good: fmt does not call the method of a field.
func (s *State) Set(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs = append(s.logs, fmt.Sprintf("%v becomes %s, %p", s.name, name, s))
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

// Save is good: json calls MarshalJSON before Save locks.
func (d *Document) Save() error {
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.saved = b
	return nil
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

// Less is called with the lock held.
func (b *Board) Less(i, j int) bool {
	return b.scores[b.names[i]] < b.scores[b.names[j]]
}

// Sort is good: Less does not lock.
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
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[key]
}

// Set tells the listeners without the lock.
func (c *Config) Set(key, value string) {
	c.mu.Lock()
	c.values[key] = value
	listeners := slices.Clone(c.listeners)
	c.mu.Unlock()
	for _, l := range listeners {
		l.Changed(key)
	}
}

type mirror struct {
	config *Config
	copies map[string]string
}

// Changed reads the value that has changed.
func (m *mirror) Changed(key string) { m.copies[key] = m.config.Get(key) }

// Mirror is good: the config tells its listener without the lock.
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

// Fail calls the hook without the lock.
func (b *Breaker) Fail() {
	b.lock.Lock()
	b.errs++
	opens := b.errs > 2 && !b.open
	if opens {
		b.open = true
	}
	b.lock.Unlock()
	if opens {
		b.onOpen()
	}
}

// Trip is good: its hook may ask the breaker.
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

// Handle calls the handler without the lock.
func (r *Router) Handle(path string) error {
	r.mu.RLock()
	h, ok := r.routes[path]
	r.mu.RUnlock()
	if ok {
		return h.Handle(path)
	}
	return errors.New("no route")
}

// Remove removes a route.
func (r *Router) Remove(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.routes, path)
}

type onceOnly struct{ router *Router }

// Handle removes the route to itself.
func (o onceOnly) Handle(path string) error {
	o.router.Remove(path)
	return nil
}

// Serve is good: the router calls the handler without the lock.
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
func (b *Bucket[T]) Size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.size()
}

func (b *Bucket[T]) size() (n int) {
	for _, it := range b.items {
		n += it.Size()
	}
	return n
}

// Trim is good: the condition of the loop does not lock.
func (b *Bucket[T]) Trim(max int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) > 0 && b.size() > max {
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

// Nest is good: a bucket in a bucket has a lock of its own.
func Nest(words ...string) int {
	outer := new(Bucket[*Bucket[text]])
	for _, w := range words {
		outer.items = append(outer.items, &Bucket[text]{items: []text{text(w)}})
	}
	return outer.Size()
}

// An Index finds words.
type Index struct {
	mu    sync.Mutex
	words []string
}

func (x *Index) compare(a, b string) int {
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// Sort is good: the method value that slices calls does not lock.
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
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprint(len(f.causes), " causes")
}

// Add is good: Errorf calls Error when the lock is released.
func (f *Failure) Add(cause string) error {
	f.mu.Lock()
	f.causes = append(f.causes, errors.New(cause))
	f.mu.Unlock()
	return fmt.Errorf("%s: %w", cause, f)
}

// A Chain calls the next handler with its own lock held, not with that of the
// next one.
type Chain struct {
	mu    sync.Mutex
	calls int
	next  Handler
}

// Handle is good: each element has its lock.
func (c *Chain) Handle(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if c.next == nil {
		return nil
	}
	return c.next.Handle(path)
}

// HandleAll is good: three elements, three locks.
func HandleAll(path string) error {
	return (&Chain{next: &Chain{next: &Chain{}}}).Handle(path)
}

// Visit is good: what the function does is up to the caller.
func (c *Config) Visit(f func(key, value string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, v := range c.values {
		f(k, v)
	}
}
