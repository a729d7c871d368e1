package gooddouble

import (
	"sync"
	"time"
)

// A List embeds its lock and is generic.
type List[T any] struct {
	sync.Mutex
	items []T
}

// Push appends v.
func (l *List[T]) Push(v T) {
	l.Lock()
	defer l.Unlock()
	l.push(v)
}

func (l *List[T]) push(v T) { l.items = append(l.items, v) }

// PushAll is good: push does not lock.
func (l *List[T]) PushAll(values ...T) {
	l.Lock()
	defer l.Unlock()
	for _, v := range values {
		l.push(v)
	}
}

// Ints uses an instance of the list.
func Ints(values ...int) *List[int] {
	var l List[int]
	l.PushAll(values...)
	return &l
}

// A Metrics hides its lock behind a helper that runs a function under it.
type Metrics struct {
	mu     sync.Mutex
	values map[string]float64
}

func (m *Metrics) locked(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// Inc adds one.
func (m *Metrics) Inc(name string) {
	m.locked(func() { m.values[name]++ })
}

// Merge is good: it collects within locked, and calls Inc after it.
func (m *Metrics) Merge(names []string) {
	var known []string
	m.locked(func() {
		for _, name := range names {
			if _, ok := m.values[name]; ok {
				known = append(known, name)
			}
		}
	})
	for _, name := range known {
		m.Inc(name)
	}
}

// A Limiter counts what is under way.
type Limiter struct {
	mu    sync.Mutex
	used  int
	limit int
}

// Acquire is good: it waits for a free slot without the lock.
func (l *Limiter) Acquire() {
	for {
		l.mu.Lock()
		if l.used < l.limit {
			l.used++
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

// Release gives a slot back.
func (l *Limiter) Release() {
	l.mu.Lock()
	l.used--
	l.mu.Unlock()
}

// Lazy is loaded when it is read first.
type Lazy struct {
	once sync.Once
	mu   sync.Mutex
	text string
}

// Text is good: load locks before Text does.
func (l *Lazy) Text() string {
	l.once.Do(l.load)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

func (l *Lazy) load() {
	l.mu.Lock()
	l.text = "loaded"
	l.mu.Unlock()
}

// An Account has a balance.
type Account struct {
	mu      sync.Mutex
	balance int
}

// Transfer locks both accounts, if there are two.
func Transfer(from, to *Account, amount int) {
	if from == to {
		return
	}
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Round is good: Transfer compares.
func Round(a *Account) { Transfer(a, a, 0) }

// A Shards map has a lock for each shard.
type Shards struct {
	locks [8]sync.Mutex
	maps  [8]map[string]int
}

// Swap is good: the lock of one index is released before it is taken again.
func (s *Shards) Swap(i int, key string, v int) {
	s.locks[i].Lock()
	old := s.maps[i][key]
	s.locks[i].Unlock()
	if old != v {
		s.locks[i].Lock()
		s.maps[i] = map[string]int{key: v}
		s.locks[i].Unlock()
	}
}

// Move is good: the two locks are those of two indices.
func (s *Shards) Move(i, j int, key string) {
	s.locks[i].Lock()
	defer s.locks[i].Unlock()
	if i != j {
		s.locks[j].Lock()
		defer s.locks[j].Unlock()
	}
	if v, ok := s.maps[i][key]; ok && i != j {
		delete(s.maps[i], key)
		s.maps[j] = map[string]int{key: v}
	}
}

// LockAll is good: each iteration locks another lock.
func (s *Shards) LockAll() (unlock func()) {
	for i := range s.locks {
		s.locks[i].Lock()
	}
	return func() {
		for i := range s.locks {
			s.locks[i].Unlock()
		}
	}
}

// Total is good: it holds all locks while it counts.
func (s *Shards) Total() (n int) {
	unlock := s.LockAll()
	defer unlock()
	for _, m := range s.maps {
		n += len(m)
	}
	return n
}

// A Parser unlocks where it calls back.
type Parser struct {
	mu     sync.Mutex
	tokens []string
	hook   func(string)
}

// next is called with the lock held, and has locked again when it returns.
func (p *Parser) next() string {
	p.mu.Unlock()
	defer p.mu.Lock()
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	p.hook(t)
	return t
}

// Parse is good: next gives the lock back.
func (p *Parser) Parse() (all []string) {
	p.mu.Lock()
	for len(p.tokens) > 0 {
		all = append(all, p.next())
	}
	p.mu.Unlock()
	return all
}

// Reload is good: Unlock follows Lock.
func (m *Metrics) Reload(values map[string]float64) {
	m.mu.Lock()
	m.values = values
	m.mu.Unlock()
}

// A Session is a Locker for its users.
type Session struct {
	mu   sync.Mutex
	user string
}

// Lock locks the session.
func (s *Session) Lock() { s.mu.Lock() }

// Unlock unlocks the session.
func (s *Session) Unlock() { s.mu.Unlock() }

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

// SetUser is good: it leaves the lock to with.
func (s *Session) SetUser(user string) {
	with(s, func() { s.user = user })
}

// Retry is good: each attempt unlocks before the next one locks.
func (s *Session) Retry(attempts int, login func() bool) bool {
	lock, unlock := s.mu.Lock, s.mu.Unlock
	for range attempts {
		lock()
		ok := login()
		unlock()
		if ok {
			return true
		}
	}
	return false
}

// Attempt is good: the function literal ends with each attempt.
func (s *Session) Attempt(attempts int, login func() bool) (ok bool) {
	for range attempts {
		func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			ok = login()
		}()
	}
	return ok
}

// A KeyedMutex has a lock for each key.
type KeyedMutex struct {
	mu    sync.Mutex
	locks map[string]*sync.Mutex
}

// Lock locks key and returns its Unlock.
func (k *KeyedMutex) Lock(key string) (unlock func()) {
	k.mu.Lock()
	l, ok := k.locks[key]
	if !ok {
		l = new(sync.Mutex)
		k.locks[key] = l
	}
	k.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// Both is good: two keys have two locks.
func Both(f func()) {
	k := &KeyedMutex{locks: make(map[string]*sync.Mutex)}
	defer k.Lock("a")()
	defer k.Lock("b")()
	f()
}

// Chain is good: hand over hand, each node's lock is another one.
func Chain(n int) int {
	type node struct {
		mu   sync.Mutex
		next *node
	}
	var head *node
	for range n {
		head = &node{next: head}
	}
	length := 0
	for cur := head; cur != nil; {
		cur.mu.Lock()
		length++
		next := cur.next
		cur.mu.Unlock()
		cur = next
	}
	return length
}

// Coupled is good: the next node is locked before the current one is unlocked.
func Coupled(n int) int {
	type node struct {
		mu   sync.Mutex
		next *node
	}
	head := &node{}
	for range n {
		head = &node{next: head}
	}
	cur := head
	cur.mu.Lock()
	length := 1
	for cur.next != nil {
		next := cur.next
		next.mu.Lock()
		cur.mu.Unlock()
		cur = next
		length++
	}
	cur.mu.Unlock()
	return length
}

// Try is good: TryLock does not wait for what this goroutine holds.
func (l *Limiter) Try() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mu.TryLock() {
		l.mu.Unlock()
		return false
	}
	return true
}
