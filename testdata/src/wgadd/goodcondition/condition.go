// Package goodcondition waits for the goroutine that Adds before it waits for the group.
package goodcondition

import (
	"sync"
)

type Sched struct {
	mu    sync.Mutex
	cond  *sync.Cond
	loops int
	wg    sync.WaitGroup
}

func (s *Sched) Start(js <-chan func()) {
	s.mu.Lock()
	s.loops++
	s.mu.Unlock()
	go func() {
		for j := range js {
			s.wg.Add(1)
			go func() { defer s.wg.Done(); j() }()
		}
		s.mu.Lock()
		s.loops--
		s.cond.Broadcast()
		s.mu.Unlock()
	}()
}

func (s *Sched) Wait() {
	s.mu.Lock()
	for s.loops > 0 {
		s.cond.Wait()
	}
	s.mu.Unlock()
	s.wg.Wait()
}
