// Package badwrapper holds goroutines that are started through a function of this package,
// and count themselves.
package badwrapper

import (
	"fmt"
	"log"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// safeGo runs f in a goroutine and logs its panic.
func safeGo(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Print("recovered: ", r)
			}
		}()
		f()
	}()
}

// AddUnderSafeGo is bad: safeGo returns before the function it starts has counted itself.
func AddUnderSafeGo(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		safeGo(func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			job()
		})
	}
	wg.Wait()
}

// named adds a label to safeGo.
func named(name string, f func()) {
	safeGo(func() {
		defer fmt.Print(name)
		f()
	})
}

// AddUnderTwoWrappers is bad: the second wrapper passes its argument on to the first.
func AddUnderTwoWrappers(jobs map[string]func()) {
	var wg sync.WaitGroup
	for name, job := range jobs {
		named(name, func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			job()
		})
	}
	wg.Wait()
}

// async returns a channel that carries f's result.
func async[T any](f func() T) <-chan T {
	out := make(chan T, 1)
	go func() {
		out <- f()
	}()
	return out
}

// AddUnderAsync is bad: async starts its argument in a goroutine, and nobody has received its
// result before the Wait.
func AddUnderAsync(weigh func() int) int {
	var wg sync.WaitGroup
	total := async(func() int {
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		return weigh()
	})
	wg.Wait()
	select {
	case n := <-total:
		return n
	default:
		return 0
	}
}

type runner struct {
	wg  sync.WaitGroup
	log *log.Logger
}

func (r *runner) spawn(f func()) {
	go f()
}

// AddUnderMethod is bad: the wrapper is a method of the type that owns the group.
func (r *runner) AddUnderMethod(jobs []func()) {
	for _, job := range jobs {
		r.spawn(func() {
			r.wg.Add(1) // want "r\\.wg\\.Add"
			defer r.wg.Done()
			job()
		})
	}
	r.wg.Wait()
}

// AddUnderErrgroup is bad: the task counts itself, and wg is Waited for before the errgroup.
func AddUnderErrgroup(urls []string, fetch func(string) error, flush func()) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			return fetch(u)
		})
	}
	wg.Wait()
	flush()
	return g.Wait()
}

// AddUnderAfterFunc is bad: the timer runs its function in a goroutine of its own, which Stop
// does not wait for.
func AddUnderAfterFunc(edit func(), snapshot func() string, save func(string)) {
	var wg sync.WaitGroup
	t := time.AfterFunc(time.Millisecond, func() {
		doc := snapshot()
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		save(doc)
	})
	edit()
	if t.Stop() {
		save(snapshot())
		return
	}
	wg.Wait()
}

// AddInSafeGoCallee is bad: the method value that safeGo starts counts itself.
func (r *runner) AddInSafeGoCallee() {
	safeGo(r.rotate)
	r.wg.Wait()
}

func (r *runner) rotate() {
	r.wg.Add(1) // want "r\\.wg\\.Add"
	defer r.wg.Done()
	r.log.Print("rotated")
}
