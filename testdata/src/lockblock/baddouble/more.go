package baddouble

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
	l.Lock() // want "l.Lock blocks forever"
	defer l.Unlock()
	l.items = append(l.items, v)
}

// PushAll is bad: Push locks, too.
func (l *List[T]) PushAll(values ...T) {
	l.Lock()
	defer l.Unlock()
	for _, v := range values {
		l.Push(v)
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
	m.mu.Lock() // want "m.mu.Lock blocks forever"
	defer m.mu.Unlock()
	f()
}

// Inc adds one.
func (m *Metrics) Inc(name string) {
	m.locked(func() { m.values[name]++ })
}

// Merge is bad: it calls Inc, which uses locked, within locked.
func (m *Metrics) Merge(names []string) {
	m.locked(func() {
		for _, name := range names {
			m.Inc(name)
		}
	})
}

// A Limiter counts what is under way.
type Limiter struct {
	mu    sync.Mutex
	used  int
	limit int
}

// Acquire is bad: the wait for a free slot goes on with the lock held, and
// locks again.
func (l *Limiter) Acquire() {
	for {
		l.mu.Lock() // want "l.mu.Lock blocks forever"
		if l.used < l.limit {
			l.used++
			l.mu.Unlock()
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Lazy is loaded when it is read first.
type Lazy struct {
	once sync.Once
	mu   sync.Mutex
	text string
}

// Text is bad: load locks what Text holds.
func (l *Lazy) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.once.Do(l.load)
	return l.text
}

func (l *Lazy) load() {
	l.mu.Lock() // want "l.mu.Lock blocks forever"
	l.text = "loaded"
	l.mu.Unlock()
}

// An Account has a balance.
type Account struct {
	mu      sync.Mutex
	balance int
}

// Transfer locks both accounts.
func Transfer(from, to *Account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want "to.mu.Lock blocks forever"
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Round is bad: it transfers from an account to the same one.
func Round(a *Account) { Transfer(a, a, 0) }

// A Shards map has a lock for each shard.
type Shards struct {
	locks [8]sync.Mutex
	maps  [8]map[string]int
}

// Swap is bad: the index that is locked first is locked again.
func (s *Shards) Swap(i int, key string, v int) {
	s.locks[i].Lock()
	defer s.locks[i].Unlock()
	old := s.maps[i][key]
	if old != v {
		s.locks[i].Lock() // want `s.locks\[i\].Lock blocks forever`
		s.maps[i][key] = v
		s.locks[i].Unlock()
	}
}

// A Parser unlocks where it calls back, and then locks in two places.
type Parser struct {
	mu     sync.Mutex
	tokens []string
	hook   func(string)
}

// next locks again after the hook, and so leaves the lock held.
func (p *Parser) next() string {
	p.mu.Unlock()
	defer p.mu.Lock()
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	p.hook(t)
	return t
}

// Parse is bad: next gives the lock back, so the second Lock waits for itself.
func (p *Parser) Parse() (all []string) {
	p.mu.Lock()
	for len(p.tokens) > 0 {
		all = append(all, p.next())
		p.mu.Lock() // want "p.mu.Lock blocks forever"
	}
	p.mu.Unlock()
	return all
}

// Reload is bad: Lock stands where Unlock was meant.
func (m *Metrics) Reload(values map[string]float64) {
	m.mu.Lock()
	m.values = values
	m.mu.Lock() // want "m.mu.Lock blocks forever"
}

// A Session is a Locker for its users.
type Session struct {
	mu   sync.Mutex
	user string
}

// Lock locks the session.
func (s *Session) Lock() {
	s.mu.Lock()
}

// Unlock unlocks the session.
func (s *Session) Unlock() { s.mu.Unlock() }

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

// SetUser is bad: with locks the session that it holds.
func (s *Session) SetUser(user string) {
	s.Lock()
	defer s.Unlock()
	with(s, func() { s.user = user })
}

// Retry is bad: each attempt defers its Unlock to the end of the function.
func (s *Session) Retry(attempts int, login func() bool) bool {
	lock := s.mu.Lock
	for range attempts {
		lock() // want "blocks forever"
		defer s.mu.Unlock()
		if login() {
			return true
		}
	}
	return false
}
