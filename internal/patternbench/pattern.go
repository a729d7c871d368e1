package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A pattern is a function of ours and what else does the same.
type pattern struct {
	name     string
	entrants []entrant // ours is the first
	want     want
	widths   func(workers []int) []int // which numbers of workers make a difference; nil is all
	only     func(task) bool           // which tasks make sense; nil is all
	items    int                       // in one run, instead of those of the task
	race     bool                      // a failing task is not the outcome
}

func (p pattern) width(workers []int) []int {
	if p.widths == nil {
		return workers
	}
	return p.widths(workers)
}

// itemsFor returns how many items a run has, of which each worker has some.
func (p pattern) itemsFor(t task, workers int) int {
	if p.items > 0 {
		return p.items
	}
	return max(t.items, 10*workers)
}

// An entrant is one way to do what a pattern does.
type entrant struct {
	name string
	// open makes what lives longer than a run, such as a pool.
	open func(e *env) (run func() error, stop func())
	// aside says in what the entrant falls short of ours, for one that is
	// measured and shown, but does not count when the fastest is sought.
	aside string
}

// simple returns an entrant that keeps nothing from one run to the next.
func simple(name string, run func(e *env) error) entrant {
	return entrant{name: name, open: func(e *env) (func() error, func()) {
		return func() error { return run(e) }, func() {}
	}}
}

// but returns the entrant set aside for a reason.
func (en entrant) but(aside string) entrant {
	en.aside = aside
	return en
}

// patterns returns all patterns, in the order of the tables.
func patterns() []pattern {
	var all []pattern
	all = append(all, workerpoolPatterns()...)
	all = append(all, faninPatterns()...)
	all = append(all, pipelinePatterns()...)
	all = append(all, semaphorePatterns()...)
	all = append(all, groupPatterns()...)
	return all
}

// one is for patterns in which there are no workers.
func one([]int) []int { return []int{1} }

// several is for patterns that make sense with two workers or more.
func several(workers []int) []int {
	var out []int
	for _, w := range workers {
		if w > 1 {
			out = append(out, w)
		}
	}
	return out
}

// short is for patterns in which a long task would only show that it is long.
func short(t task) bool { return t.spin < 100*time.Microsecond && t.sleep == 0 }

// check runs an entrant three times: all goes well, a task fails, and the
// context is done already.
func (p pattern) check(en entrant, items, workers int) error {
	if p.items > 0 {
		items = p.items
	}
	once := func(ctx context.Context, bad int) (*env, error) {
		e := newCheckEnv(ctx, items, workers, bad)
		run, stop := en.open(e)
		defer stop()
		return e, run()
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e, err := once(ctx, 0)
	if err == nil {
		err = p.want(e)
	}
	if err != nil {
		return fmt.Errorf("%s, %s, %d workers: %w", p.name, en.name, workers, err)
	}

	bad := (items/workers + 1) / 2 // an input in every pattern
	if _, err := once(ctx, bad); !p.race && !errors.Is(err, errTask) {
		return fmt.Errorf("%s, %s, %d workers: got %v, want the error of the task", p.name, en.name, workers, err)
	}

	cancel()
	if _, err := once(ctx, 0); err == nil {
		return fmt.Errorf("%s, %s, %d workers: no error although the context was done", p.name, en.name, workers)
	}
	return nil
}
