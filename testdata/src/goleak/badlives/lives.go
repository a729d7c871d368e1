// Package badlives holds types that nobody in the package makes and ends: their ends
// wait for a goroutine that has ended in another way, or was left behind by one.
package badlives

import "sync"

// A Session does not say that it is done where it fails.
type Session struct {
	stop, done chan struct{}
}

func Open(keep func() error) *Session {
	s := &Session{make(chan struct{}), make(chan struct{})}
	go s.run(keep)
	return s
}

func (s *Session) run(keep func() error) {
	if err := keep(); err != nil {
		return
	}
	<-s.stop
	close(s.done)
}

func (s *Session) Close() {
	close(s.stop)
	<-s.done // want `receive from s.done blocks forever when err != nil .*: no goroutine is left that sends on it or closes it`
}

// A Loop is told to stop by a value, and may have stopped by itself.
type Loop struct {
	stop chan struct{}
	work func() error
}

func NewLoop(work func() error) *Loop {
	l := &Loop{stop: make(chan struct{}), work: work}
	go l.run()
	return l
}

func (l *Loop) run() {
	if err := l.work(); err != nil {
		return
	}
	<-l.stop
}

func (l *Loop) Close() {
	l.stop <- struct{}{} // want `send on l.stop blocks forever when err != nil .*: no goroutine receives from it`
}

// A Link's writer leaves, and its reader does not notice.
type Link struct {
	wg   sync.WaitGroup
	stop chan struct{}
	in   chan int
	read func() (int, error)
}

func NewLink(read func() (int, error)) *Link {
	l := &Link{stop: make(chan struct{}), in: make(chan int), read: read}
	l.wg.Add(2)
	go l.reader()
	go l.writer()
	return l
}

func (l *Link) reader() {
	defer l.wg.Done()
	for {
		v, err := l.read()
		if err != nil {
			return
		}
		l.in <- v // want "send on l.in blocks forever: the only receiver has returned"
	}
}

func (l *Link) writer() {
	defer l.wg.Done()
	for {
		select {
		case <-l.in:
		case <-l.stop:
			return
		}
	}
}

func (l *Link) Close() {
	close(l.stop)
	l.wg.Wait()
}
