package goodafter

import "sync"

type session struct {
	wg      sync.WaitGroup
	mu      sync.Mutex
	streams map[int]bool
	read    func() int
	log     func(int)
}

func (s *session) track(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[id] = true
	s.wg.Add(1)
}

func (s *session) clear(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[id] {
		delete(s.streams, id)
		s.wg.Done()
	}
}

// control counts itself, and what it starts.
func (s *session) control() {
	s.wg.Add(1)
	defer s.wg.Done()
	if id := s.read(); id > 3 {
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			s.log(id)
		}()
	}
}

// Session is good: the goroutine's Done follows an Add of its own, so it is never the
// first, whenever the stream is counted.
func Session(read func() int, log func(int)) {
	s := &session{streams: make(map[int]bool), read: read, log: log}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.control()
	}()
	s.track(1)
	s.clear(1)
	<-done
	s.wg.Wait()
}
