// Package goodunanswered waits for what somebody tells, if not by this field.
package goodunanswered

import (
	"os"
	"os/signal"
)

// A Loop closes its channel by another name.
type Loop struct {
	stopped chan struct{}
	done    func()
}

// NewLoop is good.
func NewLoop() *Loop {
	stopped := make(chan struct{})
	return &Loop{stopped: stopped, done: func() { close(stopped) }}
}

// Run runs once.
func (l *Loop) Run(work func()) {
	go func() {
		defer l.done()
		work()
	}()
}

// Stop waits for its end.
func (l *Loop) Stop() { <-l.stopped }

// A Signals has signals sent to it by the runtime.
type Signals struct{ c chan os.Signal }

// NewSignals is good.
func NewSignals() *Signals {
	s := &Signals{c: make(chan os.Signal, 1)}
	signal.Notify(s.c, os.Interrupt)
	return s
}

// Wait waits for one.
func (s *Signals) Wait() os.Signal { return <-s.c }

// A Pipe gives its sending end away.
type Pipe struct{ c chan int }

// NewPipe is good.
func NewPipe() *Pipe { return &Pipe{c: make(chan int)} }

// In is where to send.
func (p *Pipe) In() chan<- int { return p.c }

// Next receives.
func (p *Pipe) Next() int { return <-p.c }

// A Gate may never open, which is one case of several.
type Gate struct{ open chan struct{} }

// NewGate is good: who waits may leave.
func NewGate() *Gate { return &Gate{open: make(chan struct{})} }

// Wait is good.
func (g *Gate) Wait(leave <-chan struct{}) bool {
	select {
	case <-g.open:
		return true
	case <-leave:
		return false
	}
}

// A Session has the receiving end of what its goroutine closes.
type Session struct{ done <-chan struct{} }

// NewSession is good.
func NewSession(work func()) *Session {
	done := make(chan struct{})
	s := &Session{done: done}
	go func() {
		defer close(done)
		work()
	}()
	return s
}

// Wait is good.
func (s *Session) Wait() { <-s.done }

// A Copy hands its channel on with the struct.
type Copy struct{ c chan int }

// Receive is good: fill gets at the same channel.
func Receive(fill func(*Copy)) int {
	c := &Copy{c: make(chan int)}
	go send(c.c)
	return <-c.c
}

func send(c chan int) { c <- 1 }
