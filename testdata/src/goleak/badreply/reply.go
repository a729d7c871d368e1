// Package badreply holds servers and requesters of which one leaves before the reply.
package badreply

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrUnknownKey is returned for a key without value.
var ErrUnknownKey = errors.New("unknown key")

type getReq struct {
	key   string
	reply chan string
}

// Serve is bad: a lookup may give up while the server computes, and then the server loop hangs for
// all callers.
func Serve(ctx context.Context, keys []string, compute func(string) string) (vals []string, err error) {
	requests := make(chan getReq)
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		for {
			select {
			case req := <-requests:
				req.reply <- compute(req.key) // want "send on req.reply blocks forever"
			case <-quit:
				return
			}
		}
	}()
	for _, k := range keys {
		v, err := lookup(ctx, requests, k)
		if err != nil {
			return nil, err
		}
		vals = append(vals, v)
	}
	return vals, nil
}

func lookup(ctx context.Context, requests chan<- getReq, key string) (string, error) {
	req := getReq{key: key, reply: make(chan string)}
	requests <- req
	select {
	case v := <-req.reply:
		return v, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

type op struct {
	kind string
	key  string
	resp chan int
}

// Counts is bad: the loop does not answer requests of an unknown kind, whose requester has no way
// out.
func Counts(kinds []string, key string) (sum int) {
	ops := make(chan op)
	go func() {
		counts := make(map[string]int)
		for o := range ops { // want "range over ops blocks forever"
			switch o.kind {
			case "incr":
				counts[o.key]++
				o.resp <- counts[o.key]
			case "get":
				o.resp <- counts[o.key]
			}
		}
	}()
	for _, kind := range kinds {
		resp := make(chan int)
		ops <- op{kind, key, resp}
		sum += <-resp
	}
	close(ops)
	return sum
}

// A Request is a typed message with a place for the answer.
type Request[Q, A any] struct {
	Query  Q
	Answer chan A
}

func newRequest[Q, A any](q Q) Request[Q, A] {
	return Request[Q, A]{Query: q, Answer: make(chan A)}
}

// Ask is bad: after the time-out the answer of the generic request has no receiver.
func Ask(q string, answer func(string) (int, error)) (int, error) {
	inbox := make(chan Request[string, int], 1)
	go func() {
		for req := range inbox {
			n, err := answer(req.Query)
			if err != nil {
				n = -1
			}
			req.Answer <- n // want "send on req.Answer blocks forever"
		}
	}()
	defer close(inbox)
	req := newRequest[string, int](q)
	inbox <- req
	select {
	case n := <-req.Answer:
		return n, nil
	case <-time.After(5 * time.Millisecond):
		return 0, fmt.Errorf("ask %q: %w", q, context.DeadlineExceeded)
	}
}

type conn struct {
	reply chan string
	err   chan error
}

// Dispatch is bad: one message or error is taken from the connection, which reads on.
func Dispatch(read func() (string, error), handle func(string)) error {
	c := &conn{reply: make(chan string), err: make(chan error)}
	go func() {
		for {
			msg, err := read()
			if err != nil {
				c.err <- err // want "send on c.err blocks forever"
				return
			}
			c.reply <- msg // want "send on c.reply blocks forever"
		}
	}()
	select {
	case msg := <-c.reply:
		handle(msg)
		return nil
	case err := <-c.err:
		return err
	}
}

// Detach is bad: the connection reports that it is idle while the dispatcher sends it the next message;
// each waits for the other.
func Detach(messages []string, last func(string) bool) (idled int) {
	c := &conn{reply: make(chan string)}
	idle := make(chan string)
	go func() {
		defer close(idle)
		for msg := range c.reply {
			if last(msg) {
				idle <- msg
				return
			}
		}
	}()
	for _, msg := range messages {
		c.reply <- msg // want "send on c.reply blocks forever"
	}
	close(c.reply)
	for range idle {
		idled++
	}
	return idled
}

// An Actor handles messages one at a time.
type Actor struct {
	inbox chan func()
}

func newActor() *Actor {
	a := &Actor{inbox: make(chan func())}
	go a.loop()
	return a
}

func (a *Actor) loop() {
	for f := range a.inbox {
		f()
	}
}

func (a *Actor) call(f func() error) error {
	errc := make(chan error)
	a.inbox <- func() {
		if err := f(); err != nil {
			errc <- err
		}
	}
	return <-errc // want "receive from errc blocks forever"
}

// Update is bad: a successful function sends nothing, and call waits.
func Update(f func() error) error {
	a := newActor()
	defer close(a.inbox)
	return a.call(f)
}

type page struct {
	n    int
	next chan page
}

// Paginate is bad: the pager expects the channel back, and the reader drops it after two pages.
func Paginate(load func(n int) page) (count int) {
	first := make(chan page)
	go func() {
		out := first
		for n := 0; ; n++ {
			p := load(n)
			p.next = make(chan page)
			out <- p // want "send on out blocks forever"
			out = p.next
		}
	}()
	in := first
	for range 2 {
		p := <-in
		count += p.n
		in = p.next
	}
	return count
}
