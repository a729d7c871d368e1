// Package badtokens holds channels of tokens from which a token is lost, so that somebody waits for
// one in vain.
package badtokens

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Limit is bad: a goroutine that fails keeps its token, and the loop waits for a free one.
func Limit(urls []string, fetch func(string) error) {
	sem := make(chan struct{}, 1)
	for _, u := range urls {
		sem <- struct{}{} // want "send on sem blocks forever"
		go func() {
			if err := fetch(u); err != nil {
				fmt.Println(u, err)
				return
			}
			<-sem
		}()
	}
}

// Skipping is bad: continue leaves the loop's body with the token.
func Skipping(urls []string, skip func(string) bool, fetch func(string)) {
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for _, u := range urls {
		sem <- struct{}{} // want "send on sem blocks forever"
		if skip(u) {
			continue
		}
		wg.Go(func() {
			defer func() { <-sem }()
			fetch(u)
		})
	}
	wg.Wait()
}

// Inverted is bad: the slots are taken by receiving, and an error return does not give one back.
func Inverted(urls []string, fetch func(string) error) error {
	slots := make(chan int, 1)
	for i := range cap(slots) {
		slots <- i
	}
	errs := make(chan error, len(urls))
	for _, u := range urls {
		go func() {
			slot := <-slots // want "receive from slots blocks forever"
			if err := fetch(u); err != nil {
				errs <- err
				return
			}
			slots <- slot
			errs <- nil
		}()
	}
	for range urls {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// ErrBusy is returned for a connection that is in use.
var ErrBusy = errors.New("busy")

// A Gate lets one goroutine in.
type Gate struct {
	tok chan struct{}
}

func newGate() *Gate { return &Gate{tok: make(chan struct{}, 1)} }

func (g *Gate) enter() {
	g.tok <- struct{}{} // want "send on g.tok blocks forever"
}

func (g *Gate) leave() { <-g.tok }

// Twice is bad: validate enters the gate that its caller has entered.
func Twice(validate func() bool) error {
	g := newGate()
	g.enter()
	defer g.leave()
	if !validate() {
		g.enter()
		defer g.leave()
		return ErrBusy
	}
	return nil
}

// Unfilled is bad: the token channel is inverted, and nobody fills it.
func Unfilled(tasks []func()) {
	tokens := make(chan struct{}, 4)
	for _, task := range tasks {
		go func() {
			<-tokens // want "receive from tokens blocks forever"
			defer func() { tokens <- struct{}{} }()
			task()
		}()
	}
}

// Unbuffered is bad: a semaphore without a slot lets nobody in.
func Unbuffered(tasks []func()) {
	sem := make(chan struct{})
	for _, task := range tasks {
		go func() {
			sem <- struct{}{} // want "send on sem blocks forever"
			defer func() { <-sem }()
			task()
		}()
	}
}

// TooMany is bad: at the end it waits for more slots than there are.
func TooMany(tasks []func()) {
	const limit = 3
	sem := make(chan struct{}, limit)
	for _, task := range tasks {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			task()
		}()
	}
	for range limit + 1 {
		sem <- struct{}{} // want "send on sem blocks forever"
	}
}

// A Ring passes a turn from one player to the next.
//
// Ring is bad: the first player gives the turn on and leaves, the last one finds nobody.
func Ring(players int, play func(i int)) {
	if players < 2 {
		return
	}
	first := make(chan int)
	prev := first
	for i := range players {
		next := make(chan int)
		go func(in <-chan int, out chan<- int) {
			turn := <-in
			play(i)
			out <- turn + 1 // want "send on out blocks forever"
		}(prev, next)
		prev = next
	}
	first <- 0
}

// Weighted is bad: a task that fails does not give its weight back, and the next one gives no
// result.
func Weighted(tasks []func() (int, error)) (sum int) {
	sem := semaphore.NewWeighted(1)
	results := make(chan int)
	for _, task := range tasks {
		go func() {
			if sem.Acquire(context.Background(), 1) != nil { // want "sem.Acquire blocks forever"
				results <- 0
				return
			}
			n, err := task()
			if err != nil {
				results <- 0
				return
			}
			sem.Release(1)
			results <- n
		}()
	}
	for range tasks {
		sum += <-results
	}
	return sum
}
