// Package goodpaths holds goroutines that end with Done on all paths.
package goodpaths

import (
	"context"
	"errors"
	"fmt"
	"log"
	"runtime"
	"sync"
)

// A Page is what a URL gives.
type Page struct {
	URL  string
	Body []byte
}

// Fetch is good: the Done is deferred.
func Fetch(ctx context.Context, urls []string, get func(context.Context, string) ([]byte, error)) []Page {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		pages []Page
	)
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			body, err := get(ctx, u)
			if err != nil {
				log.Printf("fetch %s: %v", u, err)
				return
			}
			mu.Lock()
			pages = append(pages, Page{u, body})
			mu.Unlock()
		}()
	}
	wg.Wait()
	return pages
}

// A Checker looks at items.
type Checker struct {
	valid func(item string) error
	store func(item string) error
}

// All is good: check defers its Done first.
func (c *Checker) All(items []string) {
	wg := new(sync.WaitGroup)
	for _, item := range items {
		wg.Add(1)
		go c.check(item, wg)
	}
	wg.Wait()
}

func (c *Checker) check(item string, wg *sync.WaitGroup) {
	defer wg.Done()
	if c.valid(item) != nil {
		return
	}
	if err := c.store(item); err != nil {
		log.Print(err)
	}
}

// Kinds is good: the default counts down itself.
func Kinds(kinds []string, small, large func()) {
	var wg sync.WaitGroup
	wg.Add(len(kinds))
	for _, k := range kinds {
		switch k {
		case "small":
			go func() {
				defer wg.Done()
				small()
			}()
		case "large":
			go func() {
				defer wg.Done()
				large()
			}()
		default:
			log.Print("unknown kind ", k)
			wg.Done()
		}
	}
	wg.Wait()
}

// Recovering is good: a panic is recovered by a deferred function which calls Done as well.
func Recovering(amounts []int, book func(int)) {
	var wg sync.WaitGroup
	for _, n := range amounts {
		wg.Add(1)
		go func() {
			defer func() {
				defer wg.Done()
				if r := recover(); r != nil {
					log.Print("recovered: ", r)
				}
			}()
			if n < 0 {
				panic(fmt.Sprint("negative amount ", n))
			}
			book(n)
		}()
	}
	wg.Wait()
}

// Exiting is good: Goexit runs the deferred Done.
func Exiting(probes [2]func() bool) {
	var wg sync.WaitGroup
	wg.Add(len(probes))
	for _, probe := range probes {
		go func() {
			defer wg.Done()
			if !probe() {
				runtime.Goexit()
			}
		}()
	}
	wg.Wait()
}

// eval runs a rule and cleans up.
func eval(rule func() error, disabled bool, cleanup func()) error {
	if cleanup != nil {
		defer cleanup()
	}
	if disabled {
		return nil
	}
	return rule()
}

// Rules is good: eval calls the callback that has the Done on all paths.
func Rules(rules map[string]func() error, disabled func(string) bool) {
	var wg sync.WaitGroup
	for name, rule := range rules {
		wg.Add(1)
		go eval(rule, disabled(name), func() { wg.Done() })
	}
	wg.Wait()
}

// ErrRefused is returned for a message that was not taken.
var ErrRefused = errors.New("refused")

// post hands a message over; done is called later, but not after an error.
func post(full bool, msg string, send func(string), done func()) error {
	if full {
		return ErrRefused
	}
	go func() {
		defer done()
		send(msg)
	}()
	return nil
}

// PostAll is good: after an error the caller calls Done itself.
func PostAll(msgs []string, full func() bool, send func(string)) {
	var wg sync.WaitGroup
	for _, m := range msgs {
		wg.Add(1)
		if err := post(full(), m, send, wg.Done); err != nil {
			log.Print(err)
			wg.Done()
		}
	}
	wg.Wait()
}

// Cancelled is good: a worker that notices the cancellation calls Done as well.
func Cancelled(ctx context.Context, parts []func()) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Add(1)
		go func() {
			select {
			case <-ctx.Done():
				wg.Done()
				return
			default:
			}
			part()
			wg.Done()
		}()
	}
	wg.Wait()
}

// Plain is good: the Done is the last statement, and there is no other way out.
func Plain(parts []func()) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Add(1)
		go func() {
			part()
			log.Print("part is done")
			wg.Done()
		}()
	}
	wg.Wait()
}

// Guarded is good: a helper runs functions in goroutines with a recover around them.
func Guarded(parts []func()) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Add(1)
		guard(func() {
			defer wg.Done()
			part()
		})
	}
	wg.Wait()
}

func guard(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Print("recovered: ", r)
			}
		}()
		f()
	}()
}
