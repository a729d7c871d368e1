// Package goodgoattach waits for the goroutine that Adds before it waits for the group.
package goodgoattach

import (
	"log"
	"sync"
)

type Srv struct {
	mu       sync.RWMutex
	stopping chan struct{}
	wg       sync.WaitGroup
	evs      chan string
}

func (s *Srv) GoAttach(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	select {
	case <-s.stopping:
		return
	default:
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

func (s *Srv) Start() { go s.loop() }

func (s *Srv) loop() {
	for e := range s.evs {
		s.GoAttach(func() { log.Print(e) })
	}
}

func (s *Srv) Stop() {
	s.mu.Lock()
	close(s.stopping)
	s.mu.Unlock()
	s.wg.Wait()
}
