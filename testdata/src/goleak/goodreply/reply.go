// Package goodreply holds servers and requesters that may leave before the reply, which hinders nobody.
package goodreply

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

// Serve is good: a lookup may give up while the server computes; the reply waits in its slot.
func Serve(ctx context.Context, keys []string, compute func(string) string) (vals []string, err error) {
	requests := make(chan getReq)
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		for {
			select {
			case req := <-requests:
				req.reply <- compute(req.key)
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
	req := getReq{key: key, reply: make(chan string, 1)}
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

// Counts is good: each kind of request is answered.
func Counts(kinds []string, key string) (sum int) {
	ops := make(chan op)
	go func() {
		counts := make(map[string]int)
		for o := range ops {
			switch o.kind {
			case "incr":
				counts[o.key]++
				o.resp <- counts[o.key]
			case "get":
				o.resp <- counts[o.key]
			default:
				o.resp <- 0
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
	return Request[Q, A]{Query: q, Answer: make(chan A, 1)}
}

// Ask is good: after the time-out the answer stays in the request.
func Ask(q string, answer func(string) (int, error)) (int, error) {
	inbox := make(chan Request[string, int], 1)
	go func() {
		for req := range inbox {
			n, err := answer(req.Query)
			if err != nil {
				n = -1
			}
			req.Answer <- n
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

// Dispatch is good: one message or error is taken from the connection, and the rest is discarded
// until the error, after which the connection ends.
func Dispatch(read func() (string, error), handle func(string)) error {
	c := &conn{reply: make(chan string), err: make(chan error)}
	go func() {
		for {
			msg, err := read()
			if err != nil {
				c.err <- err
				return
			}
			c.reply <- msg
		}
	}()
	select {
	case msg := <-c.reply:
		handle(msg)
		for {
			select {
			case <-c.reply:
			case err := <-c.err:
				return err
			}
		}
	case err := <-c.err:
		return err
	}
}

// Detach is good: the dispatcher notices that the connection is idle where it would send the next message.
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
		select {
		case c.reply <- msg:
		case <-idle:
			return 1
		}
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
		errc <- f()
	}
	return <-errc
}

// Update is good: there is an answer for each call.
func Update(f func() error) error {
	a := newActor()
	defer close(a.inbox)
	return a.call(f)
}

type page struct {
	n    int
	next chan page
}

// Paginate is good: the pager stops where the reader does.
func Paginate(load func(n int) page) (count int) {
	first := make(chan page)
	go func() {
		out := first
		for n := range 2 {
			p := load(n)
			p.next = make(chan page)
			out <- p
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

// A Registry maps names to addresses; one goroutine owns the map.
type Registry struct {
	register chan entry
	resolve  chan query
	quit     chan struct{}
}

type entry struct{ name, addr string }

type query struct {
	name   string
	answer chan<- string
}

// NewRegistry returns a running registry.
func NewRegistry() *Registry {
	r := &Registry{make(chan entry), make(chan query), make(chan struct{})}
	go r.run()
	return r
}

func (r *Registry) run() {
	addrs := make(map[string]string)
	for {
		select {
		case e := <-r.register:
			addrs[e.name] = e.addr
		case q := <-r.resolve:
			q.answer <- addrs[q.name]
		case <-r.quit:
			return
		}
	}
}

// Register is good: it does not wait for a stopped registry.
func (r *Registry) Register(name, addr string) {
	select {
	case r.register <- entry{name, addr}:
	case <-r.quit:
	}
}

// Resolve is good: an accepted query is answered, and its receiver does not leave.
func (r *Registry) Resolve(name string) string {
	answer := make(chan string)
	select {
	case r.resolve <- query{name, answer}:
		return <-answer
	case <-r.quit:
		return ""
	}
}

// Close stops the registry.
func (r *Registry) Close() { close(r.quit) }

// ResolveAll is good: it resolves before it closes.
func ResolveAll(names []string) (addrs []string) {
	r := NewRegistry()
	defer r.Close()
	for i, n := range names {
		r.Register(n, fmt.Sprint("10.0.0.", i))
	}
	for _, n := range names {
		addrs = append(addrs, r.Resolve(n))
	}
	return addrs
}
