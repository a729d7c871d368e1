// Package goodhandshake waits for the goroutine that Adds before it waits for the group.
package goodhandshake

import (
	"sync"
)

type Actor struct {
	stop chan chan struct{}
	work chan func()
	wg   sync.WaitGroup
}

func NewActor() *Actor {
	a := &Actor{stop: make(chan chan struct{}), work: make(chan func())}
	go a.run()
	return a
}

func (a *Actor) run() {
	for {
		select {
		case f := <-a.work:
			a.wg.Add(1)
			go func() { defer a.wg.Done(); f() }()
		case ack := <-a.stop:
			close(ack)
			return
		}
	}
}

func (a *Actor) Close() {
	ack := make(chan struct{})
	a.stop <- ack
	<-ack
	a.wg.Wait()
}
