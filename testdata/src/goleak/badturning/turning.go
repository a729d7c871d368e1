// Package badturning holds waits for the end of goroutines that turn in a loop until they
// are told, which comes later, and goroutines that a loop beside them does not help.
package badturning

import (
	"log"
	"sync"
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
	<-l.done // want `receive from l.done blocks forever: the goroutine started at line 19 stays in its loop until l.stop is closed, which comes only after this`
	close(l.stop)
}

// Fetch has a loop beside it that reports progress, and never receives.
func Fetch(get func() int, failed func() bool) int {
	res := make(chan int)
	var mu sync.Mutex
	n := 0
	go func() {
		for range time.Tick(time.Millisecond) {
			mu.Lock()
			log.Print(n, len(res))
			mu.Unlock()
		}
	}()
	go func() {
		mu.Lock()
		n++
		mu.Unlock()
		res <- get() // want `send on res blocks forever`
	}()
	if failed() {
		return 0
	}
	return <-res
}
