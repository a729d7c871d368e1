// Package badhandshake holds goroutines that wait for a signal which is not given on some path.
package badhandshake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// Ready is bad: when listening fails, the goroutine returns without the signal.
func Ready(listen func() (net.Listener, error), serve func(net.Listener) error) {
	ready := make(chan struct{})
	go func() {
		ln, err := listen()
		if err != nil {
			return
		}
		close(ready)
		serve(ln)
	}()
	<-ready // want "receive from ready blocks forever"
}

// A Service has a start-up phase.
type Service struct {
	started chan struct{}
	stopped chan struct{}
	load    func() error
}

func newService(load func() error) *Service {
	return &Service{started: make(chan struct{}), stopped: make(chan struct{}), load: load}
}

func (s *Service) run(work func()) {
	defer close(s.stopped)
	if err := s.load(); err != nil {
		fmt.Println("load:", err)
		return
	}
	close(s.started)
	work()
}

// Launch is bad: it waits for started, which is not closed when the load fails.
func Launch(load func() error, work func()) {
	s := newService(load)
	go s.run(work)
	go func() {
		<-s.stopped
		fmt.Println("stopped")
	}()
	<-s.started // want "receive from s.started blocks forever"
}

// Barrier is bad: of n parties one leaves before the barrier, the others wait in it.
func Barrier(parties []func() error) {
	arrived, release := make(chan int), make(chan struct{})
	for i, prepare := range parties {
		go func() {
			if prepare() != nil {
				return
			}
			arrived <- i
			<-release
		}()
	}
	go func() {
		for range parties {
			<-arrived // want "receive from arrived blocks forever"
		}
		close(release)
	}()
}

// Ordered is bad: each step waits for the one before it, and a failed step does not pass on.
func Ordered(steps []func() error) {
	prev := make(chan struct{})
	close(prev)
	for _, step := range steps {
		next := make(chan struct{})
		go func(wait <-chan struct{}) {
			<-wait // want "receive from wait blocks forever"
			if err := step(); err != nil {
				return
			}
			close(next)
		}(prev)
		prev = next
	}
}

// ErrTooLate is returned when the deadline has passed.
var ErrTooLate = errors.New("too late")

// Commit is bad: the participant waits for a decision which the coordinator, after a veto, does not
// send.
func Commit(prepare func() bool, apply func(bool)) error {
	vote, decision := make(chan bool), make(chan bool)
	go func() {
		vote <- prepare()
		apply(<-decision) // want "receive from decision blocks forever"
	}()
	if !<-vote {
		return ErrTooLate
	}
	decision <- true
	return nil
}

// Flush is bad: the flusher is asked through a channel and answers on it, but not when there is
// nothing to write.
func Flush(dirty func() bool, write func() error) error {
	type ask struct{ done chan error }
	asks := make(chan ask)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case a := <-asks:
				if !dirty() {
					continue
				}
				a.done <- write()
			case <-stop:
				return
			}
		}
	}()
	a := ask{make(chan error)}
	asks <- a
	return <-a.done // want "receive from a.done blocks forever"
}

// Subscribe is bad: cancelling closes the subscriber's channel only if it was delivered to.
func Subscribe(ctx context.Context, events []string, match func(string) bool) {
	var once sync.Once
	ch := make(chan string, len(events))
	go func() {
		for e := range ch { // want "range over ch blocks forever"
			fmt.Println(e)
		}
	}()
	for _, e := range events {
		if match(e) {
			ch <- e
			defer once.Do(func() { close(ch) })
		}
	}
}

// Turns is bad: both players wait for the ball, which is never served.
func Turns(rounds int, hit func(string)) {
	table := make(chan int)
	for _, name := range []string{"ping", "pong"} {
		go func() {
			for ball := range table { // want "range over table blocks forever"
				if ball == rounds {
					close(table)
					return
				}
				hit(name)
				table <- ball + 1
			}
		}()
	}
}
