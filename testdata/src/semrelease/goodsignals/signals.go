// Package goodsignals has channels of tokens that are no semaphores.
package goodsignals

import (
	"context"
	"errors"
	"sync"
)

// All waits for its goroutines by counting.
func All(tasks []func() error) (failed int) {
	done := make(chan bool, len(tasks))
	var mu sync.Mutex
	for _, task := range tasks {
		go func() {
			if err := task(); err != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
			done <- true
		}()
	}
	for range tasks {
		<-done
	}
	return failed
}

// A Loop is woken up.
type Loop struct {
	wake chan struct{}
	stop chan struct{}
	jobs []func() error
}

func NewLoop() *Loop { return &Loop{wake: make(chan struct{}, 1), stop: make(chan struct{})} }

func (l *Loop) Kick() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run wakes itself for the first time.
func (l *Loop) Run() error {
	l.wake <- struct{}{}
	for {
		select {
		case <-l.wake:
			for _, job := range l.jobs {
				if err := job(); err != nil {
					return err
				}
			}
		case <-l.stop:
			return nil
		}
	}
}

// Flush waits until it is woken.
func (l *Loop) Flush() { <-l.wake }

// A Pipe passes a baton on.
type Pipe struct{ baton chan struct{} }

func NewPipe() *Pipe { return &Pipe{make(chan struct{}, 1)} }

func (p *Pipe) Pass() { p.baton <- struct{}{} }

func (p *Pipe) Await(ctx context.Context) error {
	select {
	case <-p.baton:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Turn passes the baton on and waits for it, but for the last time.
func (p *Pipe) Turn(ctx context.Context, last bool) error {
	p.baton <- struct{}{}
	if last {
		return nil
	}
	return p.Await(ctx)
}

// Values carries data.
func Values(f func() (bool, error)) (bool, error) {
	c := make(chan bool, 1)
	c <- true
	v, err := f()
	if err != nil {
		return false, err
	}
	return v && <-c, nil
}

// A Done channel is closed in the end.
type Once struct{ c chan struct{} }

func NewOnce() *Once { return &Once{make(chan struct{}, 1)} }

func (o *Once) Do(f func() error) error {
	o.c <- struct{}{}
	if err := f(); err != nil {
		return err
	}
	<-o.c
	return nil
}

func (o *Once) Close() { close(o.c) }

// Gated ones come from elsewhere.
func Gated(gate chan struct{}, f func() error) error {
	gate <- struct{}{}
	if err := f(); err != nil {
		return err // whoever made the channel may empty it
	}
	<-gate
	return nil
}

var errFull = errors.New("full")

// A Ring holds places in a map.
type Ring struct{ gates map[string]chan struct{} }

func (r *Ring) Enter(name string, f func() error) error {
	if r.gates[name] == nil {
		r.gates[name] = make(chan struct{}, 1)
	}
	select {
	case r.gates[name] <- struct{}{}:
	default:
		return errFull
	}
	if err := f(); err != nil {
		return err // Leave is for the caller
	}
	<-r.gates[name]
	return nil
}

func (r *Ring) Leave(name string) { <-r.gates[name] }
