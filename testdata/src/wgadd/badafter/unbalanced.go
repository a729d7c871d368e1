package badafter

import "sync"

type session struct {
	wg   sync.WaitGroup
	read func() int
	log  func(int)
}

func (s *session) track() { s.wg.Add(1) } // want "s.wg.Add comes after the goroutine started at line"

// control has an Add, but only behind a condition.
func (s *session) control() {
	defer s.wg.Done()
	if s.read() > 3 {
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			s.log(1)
		}()
	}
}

// Session is bad: the goroutine's own Done may come before the Add in track.
func Session(read func() int, log func(int)) {
	s := &session{read: read, log: log}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.control()
	}()
	s.track()
	<-done
	s.wg.Wait()
}
