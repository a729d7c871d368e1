// Package badtypes holds wait groups whose names and types suggest something else.
package badtypes

import "sync"

// A Latch is a sync.WaitGroup by another name.
type Latch = sync.WaitGroup

// AddOfAlias is bad: an alias is the same type.
func AddOfAlias(jobs []func()) {
	var latch Latch
	for _, job := range jobs {
		go func() {
			latch.Add(1) // want "latch\\.Add"
			defer latch.Done()
			job()
		}()
	}
	latch.Wait()
}

type stats struct {
	active sync.WaitGroup
	total  int
}

// AddNamedLikeCounter is bad: active is no atomic counter, but a sync.WaitGroup.
func (s *stats) AddNamedLikeCounter(jobs []func()) {
	for _, job := range jobs {
		go func() {
			s.active.Add(1) // want "s\\.active\\.Add"
			defer s.active.Done()
			job()
		}()
	}
	s.active.Wait()
	s.total += len(jobs)
}

// AddNamedLikeErrgroup is bad: g is a sync.WaitGroup and its Wait returns no error.
func AddNamedLikeErrgroup(jobs []func()) {
	var g sync.WaitGroup
	for _, job := range jobs {
		go func() {
			g.Add(1) // want "g\\.Add"
			defer g.Done()
			job()
		}()
	}
	g.Wait()
}

// A group adds the first panic to a wait group.
type group struct {
	*sync.WaitGroup
	once sync.Once
	what any
}

// AddOfEmbeddedPointer is bad: the method is promoted through the embedded pointer.
func AddOfEmbeddedPointer(jobs []func()) any {
	g := &group{WaitGroup: new(sync.WaitGroup)}
	for _, job := range jobs {
		go g.run(job)
	}
	g.Wait()
	return g.what
}

func (g *group) run(job func()) {
	defer func() {
		if r := recover(); r != nil {
			g.once.Do(func() { g.what = r })
		}
	}()
	g.Add(1) // want "g\\.Add"
	defer g.Done()
	job()
}

// AddByMethodValue is bad: inc is wg.Add, and the goroutine calls it.
func AddByMethodValue(jobs []func()) {
	var wg sync.WaitGroup
	inc, dec := wg.Add, wg.Done
	for _, job := range jobs {
		go func() {
			inc(1) // want "Add"
			defer dec()
			job()
		}()
	}
	wg.Wait()
}
