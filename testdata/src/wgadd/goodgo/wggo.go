// Package goodgo holds calls of WaitGroup.Go that precede the Wait, and a staged pipeline.
package goodgo

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// GoInLoop is good: Go counts, starts and Dones, and the caller Waits (trap 13).
func GoInLoop(jobs <-chan func()) {
	var wg sync.WaitGroup
	for job := range jobs {
		wg.Go(job)
	}
	wg.Wait()
}

// GoInGo is good: the function given to Go is counted, and may call Go.
func GoInGo(jobs <-chan func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for job := range jobs {
			wg.Go(job)
		}
	})
	wg.Wait()
}

// AddInGo is good: the function given to Go is counted, and may Add.
func AddInGo(xs []int, handle func(int)) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	})
	wg.Wait()
}

// GoInCallee is good: dispatch is started by Go and runs under its count.
func GoInCallee(jobs []func()) {
	var wg sync.WaitGroup
	wg.Go(func() { dispatch(&wg, jobs) })
	wg.Wait()
}

func dispatch(wg *sync.WaitGroup, jobs []func()) {
	for _, job := range jobs {
		wg.Go(func() {
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

// Start is good: the loop is started by Go itself.
func (s *scheduler) Start() {
	s.wg.Go(s.loop)
}

func (s *scheduler) loop() {
	for {
		select {
		case job := <-s.due:
			s.tick()
			s.wg.Go(job)
		case <-s.quit:
			return
		}
	}
}

// Stop ends the loop and waits for the jobs.
func (s *scheduler) Stop() {
	close(s.quit)
	s.wg.Wait()
}

// GoInTask is good: the errgroup's tasks have returned when wg is Waited for.
func GoInTask(lists [][]func()) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, jobs := range lists {
		g.Go(func() error {
			for _, job := range jobs {
				wg.Go(job)
			}
			return nil
		})
	}
	err := g.Wait()
	wg.Wait()
	return err
}

// GoOfOtherGroup is good: outer, whose functions call inner.Go, is Waited for first.
func GoOfOtherGroup(jobs []func()) {
	var outer, inner sync.WaitGroup
	outer.Go(func() {
		for _, job := range jobs {
			inner.Go(job)
		}
	})
	outer.Wait()
	inner.Wait()
}

// Staged is good: every stage has a group of its own, and all are started first (trap 14).
func Staged(xs []int, parse, load func(int) int) int {
	in, mid, out := make(chan int), make(chan int), make(chan int)
	var wg1, wg2, wg3 sync.WaitGroup
	sum := 0
	for range 2 {
		wg1.Add(1)
		go func() {
			defer wg1.Done()
			for x := range in {
				mid <- parse(x)
			}
		}()
	}
	wg2.Add(2)
	for range 2 {
		go func() {
			defer wg2.Done()
			for x := range mid {
				out <- load(x)
			}
		}()
	}
	wg3.Go(func() {
		for x := range out {
			sum += x
		}
	})
	for _, x := range xs {
		in <- x
	}
	close(in)
	wg1.Wait()
	close(mid)
	wg2.Wait()
	close(out)
	wg3.Wait()
	return sum
}
