// Package goodhandshake holds goroutines that wait for a signal which is given on all paths.
package goodhandshake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// Ready is good: the signal is given also when listening fails.
func Ready(listen func() (net.Listener, error), serve func(net.Listener) error) {
	ready := make(chan struct{})
	go func() {
		ln, err := listen()
		close(ready)
		if err != nil {
			return
		}
		serve(ln)
	}()
	<-ready
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

// Launch is good: it waits for whichever comes, started or stopped.
func Launch(load func() error, work func()) {
	s := newService(load)
	go s.run(work)
	go func() {
		<-s.stopped
		fmt.Println("stopped")
	}()
	select {
	case <-s.started:
	case <-s.stopped:
	}
}

// Barrier is good: who fails to prepare comes to the barrier as well.
func Barrier(parties []func() error) {
	arrived, release := make(chan int), make(chan struct{})
	for i, prepare := range parties {
		go func() {
			if err := prepare(); err != nil {
				fmt.Println("party", i, err)
			}
			arrived <- i
			<-release
		}()
	}
	go func() {
		for range parties {
			<-arrived
		}
		close(release)
	}()
}

// Ordered is good: each step waits for the one before it, and a failed step passes on.
func Ordered(steps []func() error) {
	prev := make(chan struct{})
	close(prev)
	for _, step := range steps {
		next := make(chan struct{})
		go func(wait <-chan struct{}) {
			defer close(next)
			<-wait
			if err := step(); err != nil {
				return
			}
		}(prev)
		prev = next
	}
}

// ErrTooLate is returned when the deadline has passed.
var ErrTooLate = errors.New("too late")

// Commit is good: the coordinator sends its decision also after a veto.
func Commit(prepare func() bool, apply func(bool)) error {
	vote, decision := make(chan bool), make(chan bool)
	go func() {
		vote <- prepare()
		apply(<-decision)
	}()
	if !<-vote {
		decision <- false
		return ErrTooLate
	}
	decision <- true
	return nil
}

// Flush is good: the flusher answers whoever asks.
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
					a.done <- nil
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
	return <-a.done
}

// Subscribe is good: the close is deferred before the loop.
func Subscribe(ctx context.Context, events []string, match func(string) bool) {
	var once sync.Once
	ch := make(chan string, len(events))
	defer once.Do(func() { close(ch) })
	go func() {
		for e := range ch {
			fmt.Println(e)
		}
	}()
	for _, e := range events {
		if match(e) {
			ch <- e
		}
	}
}

// Turns is good: the function serves the ball, and one player takes the table away.
func Turns(rounds int, hit func(string)) {
	table := make(chan int)
	for _, name := range []string{"ping", "pong"} {
		go func() {
			for ball := range table {
				if ball == rounds {
					close(table)
					return
				}
				hit(name)
				table <- ball + 1
			}
		}()
	}
	if rounds >= 0 {
		table <- 0
	} else {
		close(table)
	}
}

// Opened is good: ready is closed in the deferred function, whatever happens.
func Opened(ctx context.Context, dial func(context.Context) (net.Conn, error)) (conn net.Conn, err error) {
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		conn, err = dial(ctx)
	}()
	<-ready
	return conn, err
}
