// Package goodabandoned holds functions that give up on a reply, and leave nobody alone with
// it.
package goodabandoned

import (
	"context"
	"errors"
	"log"
	"time"
)

var errTimeout = errors.New("timeout")

// Room has room for the reply.
func Room(work func() int) (int, error) {
	c := make(chan int, 1)
	go func() { c <- work() }()
	select {
	case n := <-c:
		return n, nil
	case <-time.After(time.Second):
		return 0, errTimeout
	}
}

// Late takes the reply when it comes.
func Late(work func() int) (int, error) {
	c := make(chan int)
	go func() { c <- work() }()
	select {
	case n := <-c:
		return n, nil
	case <-time.After(time.Second):
		log.Print("slow")
	}
	return <-c, nil
}

// Again waits on and on.
func Again(work func() int) int {
	c := make(chan int)
	go func() { c <- work() }()
	for {
		select {
		case n := <-c:
			return n
		case <-time.After(time.Second):
			log.Print("slow")
		}
	}
}

// Behind has another goroutine take it.
func Behind(work func() int) (int, error) {
	c := make(chan int)
	go func() { c <- work() }()
	select {
	case n := <-c:
		return n, nil
	case <-time.After(time.Second):
		go func() { <-c }()
		return 0, errTimeout
	}
}

// Ends ends the process.
func Ends(work func() int) int {
	c := make(chan int)
	go func() { c <- work() }()
	select {
	case n := <-c:
		return n
	case <-time.After(time.Minute):
		log.Fatal("no answer")
	}
	return 0
}

// Both give up together.
func Both(ctx context.Context, work func() int) (int, error) {
	c := make(chan int)
	go func() {
		n := work()
		select {
		case c <- n:
		case <-ctx.Done():
		}
	}()
	select {
	case n := <-c:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Closed has only a close to wait for.
func Closed(work func()) error {
	c := make(chan struct{})
	go func() {
		defer close(c)
		work()
	}()
	select {
	case <-c:
		return nil
	case <-time.After(time.Second):
		return errTimeout
	}
}

// Ordered gives up only when the goroutine has ended.
func Ordered(work func() (int, bool)) (int, bool) {
	c, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		if n, ok := work(); ok {
			c <- n
		}
	}()
	select {
	case n := <-c:
		return n, true
	case <-done:
		return 0, false
	}
}

// Nil has no timeout: its channel is nil.
func Nil(work func() int) int {
	c := make(chan int)
	var never <-chan time.Time
	go func() { c <- work() }()
	select {
	case n := <-c:
		return n
	case <-never:
		return 0
	}
}
