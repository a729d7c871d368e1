// Package goodwrappers holds loops that call functions which look like spawn
// wrappers and start nothing that lasts, or that limit what they start.
package goodwrappers

import (
	"fmt"
	"log"
	"sync"
)

// Mail is an outgoing message.
type Mail struct {
	To, Body string
}

// safeRun runs f in a goroutine and waits for it.
func safeRun(f func() error) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		err = f()
	}()
	<-done
	return err
}

// ThroughSafeRun is good: one goroutine at a time.
func ThroughSafeRun(mails []Mail, send func(Mail) error) error {
	for _, m := range mails {
		if err := safeRun(func() error { return send(m) }); err != nil {
			return err
		}
	}
	return nil
}

// goThrough has the name of a spawner and calls f.
func goThrough(f func()) {
	defer func() {
		if p := recover(); p != nil {
			log.Print(p)
		}
	}()
	f()
}

// ThroughSynchronous is good: goThrough runs its argument before it returns.
func ThroughSynchronous(mails []Mail, send func(Mail) error) {
	for _, m := range mails {
		goThrough(func() { _ = send(m) })
	}
}

// Mailer has a number of places.
type Mailer struct {
	places chan struct{}
	wg     sync.WaitGroup
}

// NewMailer sends n mails at a time.
func NewMailer(n int) *Mailer { return &Mailer{places: make(chan struct{}, n)} }

func (ml *Mailer) spawn(f func()) {
	ml.places <- struct{}{}
	ml.wg.Add(1)
	go func() {
		defer func() {
			<-ml.places
			ml.wg.Done()
		}()
		f()
	}()
}

// SendAll is good: the wrapper takes a place before it starts a goroutine.
func (ml *Mailer) SendAll(mails []Mail, send func(Mail) error) {
	for _, m := range mails {
		ml.spawn(func() { _ = send(m) })
	}
	ml.wg.Wait()
}

// bounded makes a spawner with a limit.
func bounded(n int) (spawn func(func()), wait func()) {
	var wg sync.WaitGroup
	sem := make(chan struct{}, n)
	return func(f func()) {
		sem <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			f()
		}()
	}, wg.Wait
}

// ThroughReturned is good: the spawner that bounded returned has a limit.
func ThroughReturned(mails []Mail, send func(Mail) error) {
	spawn, wait := bounded(4)
	for _, m := range mails {
		spawn(func() { _ = send(m) })
	}
	wait()
}

// ThroughParameter is good: what run does with the function is unknown.
func ThroughParameter(mails []Mail, run func(func()), send func(Mail) error) {
	for _, m := range mails {
		run(func() { _ = send(m) })
	}
}

func start(wg *sync.WaitGroup, sem chan struct{}, m Mail, send func(Mail) error) {
	wg.Add(1)
	sem <- struct{}{}
	go func() {
		defer wg.Done()
		defer func() { <-sem }()
		_ = send(m)
	}()
}

// ThroughStart is good: the helper with the go statement takes a token.
func ThroughStart(mails []Mail, send func(Mail) error) {
	var wg sync.WaitGroup
	sem := make(chan struct{}, 4)
	for _, m := range mails {
		start(&wg, sem, m, send)
	}
	wg.Wait()
}

// Collected is good: the closures are only collected here, the constant
// number of workers below runs them.
func Collected(mails []Mail, send func(Mail) error) {
	var tasks []func()
	for _, m := range mails {
		tasks = append(tasks, func() { _ = send(m) })
	}
	queue := make(chan func(), len(tasks))
	for _, t := range tasks {
		queue <- t
	}
	close(queue)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for t := range queue {
				t()
			}
		})
	}
	wg.Wait()
}

// DeferredInLoop is good: no go statement, the functions run at the end.
func DeferredInLoop(mails []Mail, send func(Mail) error) {
	for _, m := range mails {
		defer func() { _ = send(m) }()
	}
}
