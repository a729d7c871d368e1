// Package fixgo holds goroutines that count themselves and become ones of wg.Go.
package fixgo

import (
	"log"
	"sync"
)

// All starts a goroutine for each.
func All(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		// want +2 "wg.Add runs in the goroutine"
		go func() {
			wg.Add(1)
			defer wg.Done()
			fetch(u)
			log.Print(u) // and that is all
		}()
	}
	wg.Wait()
}

// A Server counts its workers in a field.
type Server struct{ wg *sync.WaitGroup }

// Start counts too late.
func (s *Server) Start(serve func() error) {
	wg := s.wg
	// want +2 "wg.Add runs in the goroutine"
	go func() {
		wg.Add(1)
		defer wg.Done()
		if err := serve(); err != nil {
			log.Print(err)
			return
		}
	}()
	wg.Wait()
}

// Argument keeps its go statement, which has an argument.
func Argument(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		// want +2 "wg.Add runs in the goroutine"
		go func(u string) {
			wg.Add(1)
			defer wg.Done()
			fetch(u)
		}(u)
	}
	wg.Wait()
}

// Two keeps it, since it counts by two.
func Two(f func(done func())) {
	var wg sync.WaitGroup
	// want +2 "wg.Add runs in the goroutine"
	go func() {
		wg.Add(2)
		defer wg.Done()
		f(wg.Done)
	}()
	wg.Wait()
}

// A Pool has a method of the same name.
type Pool struct{ sync.WaitGroup }

// Go does something else.
func (p *Pool) Go(f func()) { f() }

// Run keeps the go statement.
func Run(f func()) {
	var p Pool
	// want +2 "p.Add runs in the goroutine"
	go func() {
		p.Add(1)
		defer p.Done()
		f()
	}()
	p.Wait()
}

// Not run: badliteral has the same forms with their proofs.
