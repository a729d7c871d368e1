// Package badgo holds calls of WaitGroup.Go that Wait can overtake: Go begins with an Add(1).
package badgo

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// GoInDispatcher is bad: the goroutine that calls wg.Go is not counted itself.
func GoInDispatcher(jobs <-chan func()) {
	var wg sync.WaitGroup
	go func() {
		for job := range jobs {
			wg.Go(job) // want "wg\\.Go"
		}
	}()
	wg.Wait()
}

// GoInCallee is bad: dispatch runs in an uncounted goroutine.
func GoInCallee(jobs []func()) {
	var wg sync.WaitGroup
	go dispatch(&wg, jobs)
	wg.Wait()
}

func dispatch(wg *sync.WaitGroup, jobs []func()) {
	for _, job := range jobs {
		wg.Go(func() { // want "wg\\.Go"
			job()
		})
	}
}

type scheduler struct {
	wg   sync.WaitGroup
	due  chan func()
	tick func()
	quit chan struct{}
}

// Start starts the loop without a count.
func (s *scheduler) Start() {
	go s.loop()
}

// loop is bad: a job taken in the moment of Stop is started after the Wait.
func (s *scheduler) loop() {
	for {
		select {
		case job := <-s.due:
			s.tick()
			s.wg.Go(job) // want "s\\.wg\\.Go"
		case <-s.quit:
			return
		}
	}
}

// Stop ends the loop and is meant to wait for the jobs.
func (s *scheduler) Stop() {
	close(s.quit)
	s.wg.Wait()
}

// GoInTask is bad: the errgroup counts the task, but its Wait comes after wg's.
func GoInTask(lists [][]func()) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, jobs := range lists {
		g.Go(func() error {
			for _, job := range jobs {
				wg.Go(job) // want "wg\\.Go"
			}
			return nil
		})
	}
	wg.Wait()
	return g.Wait()
}

// GoOfOtherGroup is bad: the goroutine holds a count of outer only, and inner is Waited for first.
func GoOfOtherGroup(jobs []func()) {
	var outer, inner sync.WaitGroup
	outer.Go(func() {
		for _, job := range jobs {
			inner.Go(job) // want "inner\\.Go"
		}
	})
	inner.Wait()
	outer.Wait()
}
