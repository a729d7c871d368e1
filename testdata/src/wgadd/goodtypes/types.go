// Package goodtypes holds Add, Done, Go and Wait of types that are no sync.WaitGroup.
package goodtypes

import (
	"context"
	"expvar"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

type stats struct {
	active atomic.Int64
	total  int
}

// AtomicCounter is good: active is an atomic counter, and nobody waits for it (trap 74).
func (s *stats) AtomicCounter(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.active.Add(1)
			defer s.active.Add(-1)
			job()
		}()
	}
	wg.Wait()
	s.total += len(jobs)
}

var requests = expvar.NewInt("requests")

// Metric is good: the Add is a metric's (trap 74).
func Metric(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			requests.Add(1)
			job()
		}()
	}
	wg.Wait()
}

// ErrgroupNamedWg is good: wg is an errgroup, started from its own task (trap 75).
func ErrgroupNamedWg(jobs []func() error) error {
	var wg errgroup.Group
	for _, job := range jobs {
		wg.Go(func() error {
			wg.Go(job)
			return nil
		})
	}
	return wg.Wait()
}

// runGroup runs actors until the first returns, like run.Group.
type runGroup struct {
	actors []actor
}

type actor struct {
	execute   func() error
	interrupt func(error)
}

func (g *runGroup) Add(execute func() error, interrupt func(error)) {
	g.actors = append(g.actors, actor{execute, interrupt})
}

func (g *runGroup) Run() error {
	errs := make(chan error, len(g.actors))
	for _, a := range g.actors {
		go func(a actor) {
			errs <- a.execute()
		}(a)
	}
	err := <-errs
	for _, a := range g.actors {
		a.interrupt(err)
	}
	for i := 1; i < len(g.actors); i++ {
		<-errs
	}
	return err
}

// RunGroup is good: Add registers an actor (trap 74).
func RunGroup(ctx context.Context, serve func(context.Context) error) error {
	var wg runGroup
	ctx, cancel := context.WithCancel(ctx)
	wg.Add(func() error { return serve(ctx) }, func(error) { cancel() })
	return wg.Run()
}

// sized is a wait group whose Add blocks while n goroutines are running.
type sized struct {
	slots chan struct{}
	wg    sync.WaitGroup
}

func newSized(n int) *sized { return &sized{slots: make(chan struct{}, n)} }

func (s *sized) Add() {
	s.slots <- struct{}{}
	s.wg.Add(1)
}

func (s *sized) Done() {
	<-s.slots
	s.wg.Done()
}

func (s *sized) Wait() { s.wg.Wait() }

// SizedGroup is good: its Add is called by the spawner (trap 74).
func SizedGroup(jobs []func()) {
	wg := newSized(4)
	for _, job := range jobs {
		wg.Add()
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}

// WaitGroup has the name and the methods of sync.WaitGroup, but Wait waits for a given number.
type WaitGroup struct {
	mu   sync.Mutex
	cond *sync.Cond
	done int
}

// NewWaitGroup returns a group that nobody has joined.
func NewWaitGroup() *WaitGroup {
	g := new(WaitGroup)
	g.cond = sync.NewCond(&g.mu)
	return g
}

// Add notes that n more parties have arrived.
func (g *WaitGroup) Add(n int) {
	g.mu.Lock()
	g.done += n
	g.mu.Unlock()
	g.cond.Broadcast()
}

// Wait waits until n parties have arrived.
func (g *WaitGroup) Wait(n int) {
	g.mu.Lock()
	for g.done < n {
		g.cond.Wait()
	}
	g.mu.Unlock()
}

// ArrivalCounter is good: this Add means "arrived", and Wait knows how many it expects.
func ArrivalCounter(jobs []func()) {
	wg := NewWaitGroup()
	for _, job := range jobs {
		go func() {
			job()
			wg.Add(1)
		}()
	}
	wg.Wait(len(jobs))
}

// homeGroup is a group with Go, Cancel and Wait over an inner wait group.
type homeGroup struct {
	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
}

func newHomeGroup(ctx context.Context) *homeGroup {
	ctx, cancel := context.WithCancel(ctx)
	return &homeGroup{ctx: ctx, cancel: cancel}
}

func (g *homeGroup) Go(f func(context.Context)) { g.wg.Go(func() { f(g.ctx) }) }
func (g *homeGroup) Cancel()                    { g.cancel() }
func (g *homeGroup) Wait()                      { g.wg.Wait() }

// HomeMade is good: its Go counts, and is called before Wait or under a count (trap 75).
func HomeMade(ctx context.Context, jobs []func(context.Context)) {
	g := newHomeGroup(ctx)
	defer g.Cancel()
	g.Go(func(context.Context) {
		for _, job := range jobs {
			g.Go(job)
		}
	})
	g.Wait()
}
