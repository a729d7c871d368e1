// Package badpaths holds goroutines that end without Done on some path, so that Wait never returns.
package badpaths

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

// Fetch is bad: a goroutine that fails returns above its Done.
func Fetch(ctx context.Context, urls []string, get func(context.Context, string) ([]byte, error)) []Page {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		pages []Page
	)
	for _, u := range urls {
		wg.Add(1)
		go func() {
			body, err := get(ctx, u)
			if err != nil {
				log.Printf("fetch %s: %v", u, err)
				return
			}
			mu.Lock()
			pages = append(pages, Page{u, body})
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
	return pages
}

// A Checker looks at items.
type Checker struct {
	valid func(item string) error
	store func(item string) error
}

// All is bad: check defers its Done below the validation.
func (c *Checker) All(items []string) {
	wg := new(sync.WaitGroup)
	for _, item := range items {
		wg.Add(1)
		go c.check(item, wg)
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

func (c *Checker) check(item string, wg *sync.WaitGroup) {
	if c.valid(item) != nil {
		return
	}
	defer wg.Done()
	if err := c.store(item); err != nil {
		log.Print(err)
	}
}

// Kinds is bad: one case of the switch does not count down.
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
		}
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Recovering is bad: a panic is recovered, and with it the Done is left out.
func Recovering(amounts []int, book func(int)) {
	var wg sync.WaitGroup
	for _, n := range amounts {
		wg.Add(1)
		go func() {
			defer func() {
				if r := recover(); r != nil {
					log.Print("recovered: ", r)
				}
			}()
			if n < 0 {
				panic(fmt.Sprint("negative amount ", n))
			}
			book(n)
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Exiting is bad: Goexit leaves the goroutine above its Done.
func Exiting(probes [2]func() bool) {
	var wg sync.WaitGroup
	wg.Add(len(probes))
	for _, probe := range probes {
		go func() {
			if !probe() {
				runtime.Goexit()
			}
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// eval runs a rule and cleans up.
func eval(rule func() error, disabled bool, cleanup func()) error {
	if disabled {
		return nil
	}
	if cleanup != nil {
		defer cleanup()
	}
	return rule()
}

// Rules is bad: eval drops the callback that has the Done when the rule is disabled.
func Rules(rules map[string]func() error, disabled func(string) bool) {
	var wg sync.WaitGroup
	for name, rule := range rules {
		wg.Add(1)
		go eval(rule, disabled(name), func() { wg.Done() })
	}
	wg.Wait() // want "wg.Wait blocks forever"
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

// PostAll is bad: after an error nobody calls Done.
func PostAll(msgs []string, full func() bool, send func(string)) {
	var wg sync.WaitGroup
	for _, m := range msgs {
		wg.Add(1)
		if err := post(full(), m, send, wg.Done); err != nil {
			log.Print(err)
		}
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Cancelled is bad: a worker that notices the cancellation leaves without Done.
func Cancelled(ctx context.Context, parts []func()) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Add(1)
		go func() {
			select {
			case <-ctx.Done():
				return
			default:
			}
			part()
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}
