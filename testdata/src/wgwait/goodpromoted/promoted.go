// Package goodpromoted embeds groups, whose Wait is called as the method of another type.
package goodpromoted

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Waiter waits.
type Waiter interface{ Wait() }

// A Crew is good: others call its Wait.
type Crew struct{ sync.WaitGroup }

// Hire adds one.
func (c *Crew) Hire(work func()) { c.Go(work) }

// A gang is good: NewGang hands it out.
type gang struct{ sync.WaitGroup }

// NewGang starts a gang.
func NewGang(work func()) *gang {
	g := new(gang)
	g.Go(work)
	return g
}

// A squad is good: it is a Waiter.
type squad struct{ sync.WaitGroup }

// NewSquad starts a squad.
func NewSquad(work func()) Waiter {
	s := enlist()
	s.Go(work)
	return promote(s)
}

func enlist() *squad { return new(squad) }

func promote(s *squad) Waiter { return s }

// A shift is good: await waits for whatever has a Wait.
type shift struct{ sync.WaitGroup }

// Shift works.
func Shift(work func()) {
	s := new(shift)
	s.Go(work)
	await(s)
}

func await[W interface{ Wait() }](w W) { w.Wait() }

// A watch is good: it lets others wait.
type watch struct{ *errgroup.Group }

// Watch is good: the method value of the embedded group.
func Watch(watching func() error, later func(func() error)) {
	w := watch{new(errgroup.Group)}
	w.Go(watching)
	remember(w, later)
}

func remember(w watch, later func(func() error)) { later(w.Wait) }

// A pool is good: Finish waits for the pool that it has.
type pool struct{ sync.WaitGroup }

// A Site has a pool.
type Site struct{ pool *pool }

// Open starts the work.
func (s *Site) Open(work func()) {
	s.pool = new(pool)
	s.pool.Go(work)
}

// Finish waits.
func (s *Site) Finish() { s.pool.Wait() }

// An office is good: whoever asks for its staff waits.
type office struct{ staff *staff }

type staff struct{ sync.WaitGroup }

func (o *office) open(work func()) { o.staff.Go(work) }

func (o *office) people() Waiter { return o.staff }

// A guard is good: it lets others wait.
type guard struct{ sync.WaitGroup }

func (g *guard) watch(work func()) { g.Go(work) }

func (g *guard) remember(later func(func())) { later(g.Wait) }

// A reserve is good: spare hands it out.
type reserve struct{ sync.WaitGroup }

func (r *reserve) call(work func()) { r.Go(work) }

func newReserve() *reserve { return new(reserve) }

func spare() Waiter { return newReserve() }
