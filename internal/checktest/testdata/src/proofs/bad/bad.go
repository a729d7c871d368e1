// Package bad does all that can be claimed.
package bad

import (
	"sync"
	"time"
)

func Leak() {
	c := make(chan int)
	go func() {
		c <- 1 // want "stuck"
	}()
}

type Stage[T any] struct{ in chan T }

func (s *Stage[T]) run() {
	for range s.in { // want "stuck"
	}
}

func NewStage() {
	s := &Stage[int]{make(chan int)}
	go s.run()
}

func Deadlock() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait() // want "stuck"
}

func unmarked() {
	<-make(chan int)
}

func Panic() {
	c := make(chan int)
	close(c)
	close(c) // want "closed"
}

func Race() {
	n := 0
	done := make(chan bool)
	go func() {
		n++ // want "race"
		close(done)
	}()
	n++
	<-done
}

func Spin(stop chan struct{}) {
	for {
		select {
		case <-stop:
		default: // want "spins"
		}
	}
}

func Wait(stop chan struct{}) {
	<-stop
}

func Flood(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { // want "flood"
			time.Sleep(time.Second)
		})
	}
	wg.Wait()
}

func Fine() {
	c := make(chan int)
	go func() { c <- 1 }()
	<-c
}
