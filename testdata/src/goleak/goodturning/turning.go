// Package goodturning holds waits for goroutines that turn in a loop, and end or help.
package goodturning

import (
	"log"
	"time"
)

// A Loop closes done at its end.
type Loop struct {
	stop, done chan struct{}
	work       func()
}

func NewLoop(work func()) *Loop {
	l := &Loop{stop: make(chan struct{}), done: make(chan struct{}), work: work}
	go l.run()
	return l
}

func (l *Loop) run() {
	defer close(l.done)
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			l.work()
		case <-l.stop:
			return
		}
	}
}

func (l *Loop) Close() {
	close(l.stop)
	<-l.done
}

// Fetch has a loop beside it that takes what is left.
func Fetch(get func() int, failed func() bool) int {
	res := make(chan int)
	go func() {
		for range time.Tick(time.Millisecond) {
			drain(res)
		}
	}()
	go func() {
		res <- get()
	}()
	if failed() {
		return 0
	}
	time.Sleep(5 * time.Millisecond)
	return 1
}

func drain(res chan int) {
	select {
	case n := <-res:
		log.Print(n)
	default:
	}
}

// A Sink takes what comes, by a function that it was given.
type Sink struct{ take func() }

func (s *Sink) turn() {
	for range time.Tick(time.Millisecond) {
		s.take()
	}
}

// Sunk is taken by the Sink.
func Sunk(get func() int) {
	res := make(chan int)
	s := &Sink{take: func() { drain(res) }}
	go s.turn()
	go func() {
		res <- get()
	}()
}

// A taker takes values.
type taker interface{ Take() }

type channel chan int

func (c channel) Take() { drain(c) }

// Taken is taken through an interface.
func Taken(get func() int) {
	res := make(channel)
	var t taker = res
	go func() {
		for range time.Tick(time.Millisecond) {
			t.Take()
		}
	}()
	go func() {
		res <- get()
	}()
}
