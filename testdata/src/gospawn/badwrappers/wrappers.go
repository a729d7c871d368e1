// Package badwrappers holds loops that spawn through a function of the
// package instead of a go statement.
package badwrappers

import (
	"context"
	"log"
	"sync"
)

// Mail is an outgoing message.
type Mail struct {
	To, Body string
}

// ThroughSafeGo is bad: safeGo starts a goroutine for each mail.
func ThroughSafeGo(mails []Mail, send func(Mail) error) {
	var wg sync.WaitGroup
	for _, m := range mails {
		wg.Add(1)
		safeGo(func() { // want "goroutine per"
			defer wg.Done()
			if err := send(m); err != nil {
				log.Print(err)
			}
		})
	}
	wg.Wait()
}

// Sender sends mails in the background.
type Sender struct {
	mu       sync.RWMutex
	stopping bool
	wg       sync.WaitGroup
	send     func(Mail) error
}

func (s *Sender) spawn(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopping {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

// Deliver is bad: spawn counts the goroutines for Stop, but limits nothing.
func (s *Sender) Deliver(queue <-chan Mail) {
	for m := range queue {
		s.spawn(func() { // want "goroutine per"
			if err := s.send(m); err != nil {
				log.Print(err)
			}
		})
	}
}

// Stop waits for the mails under way.
func (s *Sender) Stop() {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	s.wg.Wait()
}

func start(wg *sync.WaitGroup, m Mail, send func(Mail) error) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		_ = send(m)
	}()
}

// ThroughStart is bad: the go statement stands in a helper that the loop
// calls for each mail.
func ThroughStart(mails []Mail, send func(Mail) error) {
	var wg sync.WaitGroup
	for _, m := range mails {
		start(&wg, m, send) // want "goroutine per"
	}
	wg.Wait()
}

// ThroughGeneric is bad: the wrapper is generic and itself uses a wrapper.
func ThroughGeneric(ctx context.Context, mails map[string]Mail, send func(context.Context, Mail)) {
	for _, m := range mails {
		goWith(ctx, m, send) // want "goroutine per"
	}
}

// ThroughVariable is bad: the wrapper is a closure in a variable.
func ThroughVariable(mails []Mail, send func(Mail) error) {
	var wg sync.WaitGroup
	background := func(f func()) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	for _, m := range mails {
		background(func() { _ = send(m) }) // want "goroutine per"
	}
	wg.Wait()
}

// InlineClosure is bad: the body of the loop is a closure that is called at
// once and contains the go statement.
func InlineClosure(mails []Mail, send func(Mail) error) {
	for _, m := range mails {
		func() {
			if m.To == "" {
				return
			}
			go send(m) // want "goroutine per"
		}()
	}
}

// Not run: a number of goroutines without a bound is no leak, and ends well as long as the memory lasts.
