// Package goodtokens holds channels of tokens to which each token comes back.
package goodtokens

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Limit is good: also a goroutine that fails gives its token back.
func Limit(urls []string, fetch func(string) error) {
	sem := make(chan struct{}, 1)
	for _, u := range urls {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			if err := fetch(u); err != nil {
				fmt.Println(u, err)
				return
			}
		}()
	}
}

// Skipping is good: continue stands before the token is taken.
func Skipping(urls []string, skip func(string) bool, fetch func(string)) {
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for _, u := range urls {
		if skip(u) {
			continue
		}
		sem <- struct{}{}
		wg.Go(func() {
			defer func() { <-sem }()
			fetch(u)
		})
	}
	wg.Wait()
}

// Inverted is good: the slots are taken by receiving, and an error return gives one back.
func Inverted(urls []string, fetch func(string) error) error {
	slots := make(chan int, 2)
	for i := range cap(slots) {
		slots <- i
	}
	errs := make(chan error, len(urls))
	for _, u := range urls {
		go func() {
			slot := <-slots
			if err := fetch(u); err != nil {
				slots <- slot
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

func (g *Gate) enter() { g.tok <- struct{}{} }

func (g *Gate) leave() { <-g.tok }

// Twice is good: it leaves the gate before it enters again.
func Twice(validate func() bool) error {
	g := newGate()
	g.enter()
	ok := validate()
	g.leave()
	if !ok {
		g.enter()
		defer g.leave()
		return ErrBusy
	}
	return nil
}

// Filled is good: the token channel is inverted, and filled at the start.
func Filled(tasks []func()) {
	tokens := make(chan struct{}, 4)
	for range cap(tokens) {
		tokens <- struct{}{}
	}
	for _, task := range tasks {
		go func() {
			<-tokens
			defer func() { tokens <- struct{}{} }()
			task()
		}()
	}
}

// Buffered is good: a semaphore of one slot, taken in the goroutine.
func Buffered(tasks []func()) {
	sem := make(chan struct{}, 1)
	for _, task := range tasks {
		go func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			task()
		}()
	}
}

// AllSlots is good: at the end it takes all slots, which waits for all tasks.
func AllSlots(tasks []func()) {
	const limit = 3
	sem := make(chan struct{}, limit)
	for _, task := range tasks {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			task()
		}()
	}
	for range limit {
		sem <- struct{}{}
	}
}

// Ring is good: the last player hands the turn to the function, which started it.
func Ring(players int, play func(i int)) int {
	first := make(chan int)
	prev := first
	for i := range players {
		next := make(chan int)
		go func(in <-chan int, out chan<- int) {
			turn := <-in
			play(i)
			out <- turn + 1
		}(prev, next)
		prev = next
	}
	if prev == first {
		return 0
	}
	first <- 0
	return <-prev
}

// TryAll is good: a task for which there is no token runs in the caller.
func TryAll(tasks []func()) {
	tokens := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for _, task := range tasks {
		select {
		case tokens <- struct{}{}:
			wg.Go(func() {
				defer func() { <-tokens }()
				task()
			})
		default:
			task()
		}
	}
	wg.Wait()
}

// Weighted is good: also a task that fails gives its weight back.
func Weighted(tasks []func() (int, error)) (sum int) {
	sem := semaphore.NewWeighted(1)
	results := make(chan int)
	for _, task := range tasks {
		go func() {
			if sem.Acquire(context.Background(), 1) != nil {
				results <- 0
				return
			}
			n, err := task()
			sem.Release(1)
			if err != nil {
				results <- 0
				return
			}
			results <- n
		}()
	}
	for range tasks {
		sum += <-results
	}
	return sum
}
