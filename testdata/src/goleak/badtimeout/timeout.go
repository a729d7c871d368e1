// Package badtimeout holds calls that are given up after a time, and whose goroutine then stands in
// a send for ever.
package badtimeout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ErrTimeout is returned by calls that took too long.
var ErrTimeout = errors.New("timed out")

// A Quote is a price at a time.
type Quote struct {
	Symbol string
	Cents  int64
}

// A Backend knows prices.
type Backend interface {
	Quote(ctx context.Context, symbol string) (Quote, error)
}

// A Client asks a backend, but not for longer than its timeout.
type Client struct {
	backend Backend
	timeout time.Duration
}

// NewClient returns a client of a backend.
func NewClient(b Backend, timeout time.Duration) *Client {
	return &Client{backend: b, timeout: timeout}
}

// Quote is bad: when ctx ends first, the goroutine has no receiver.
func (c *Client) Quote(ctx context.Context, symbol string) (Quote, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	quotes := make(chan Quote)
	go func() {
		q, err := c.backend.Quote(ctx, symbol)
		if err != nil {
			q = Quote{Symbol: symbol}
		}
		quotes <- q // want "send on quotes blocks forever"
	}()
	select {
	case q := <-quotes:
		return q, nil
	case <-ctx.Done():
		return Quote{}, ctx.Err()
	}
}

// Ping is bad: time.After wins, and the answer has no receiver.
func Ping(dial func(addr string) error, addr string) error {
	done := make(chan error)
	go func() {
		done <- dial(addr) // want "send on done blocks forever"
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Millisecond):
		return fmt.Errorf("ping %s: %w", addr, ErrTimeout)
	}
}

type result[T any] struct {
	val T
	err error
}

// Within is bad: the same for any function, with a timer.
func Within[T any](d time.Duration, f func() (T, error)) (T, error) {
	done := make(chan result[T])
	go func() {
		v, err := f()
		done <- result[T]{v, err} // want "send on done blocks forever"
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.val, r.err
	case <-timer.C:
		var zero T
		return zero, ErrTimeout
	}
}

// Uptime makes an instance of Within for the check.
func Uptime(query func() (time.Duration, error)) (time.Duration, error) {
	return Within(10*time.Millisecond, query)
}

// Copy is bad: the copying goroutine signals its end by a send which nobody takes after ctx ended.
func Copy(ctx context.Context, dst io.Writer, src io.Reader) (n int64, err error) {
	done := make(chan struct{})
	go func() {
		n, err = io.Copy(dst, src)
		done <- struct{}{} // want "send on done blocks forever"
	}()
	select {
	case <-done:
		return n, err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// Result and error have a channel each; one of them is sent on.
//
// Fetch is bad: after the deadline neither has a receiver.
func Fetch(ctx context.Context, url string, get func(context.Context, string) ([]byte, error)) ([]byte, error) {
	bodies, errs := make(chan []byte), make(chan error)
	go func() {
		body, err := get(ctx, url)
		if err != nil {
			errs <- err // want "send on errs blocks forever"
			return
		}
		bodies <- body // want "send on bodies blocks forever"
	}()
	select {
	case body := <-bodies:
		return body, nil
	case err := <-errs:
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A Migrator changes tables.
type Migrator struct {
	apply  func(step string) error
	cancel chan struct{}
}

// NewMigrator returns a migrator that applies steps with a function.
func NewMigrator(apply func(step string) error) *Migrator {
	return &Migrator{apply: apply, cancel: make(chan struct{})}
}

// Cancel ends running migrations.
func (m *Migrator) Cancel() { close(m.cancel) }

// Run is bad: on cancel the goroutine's step ends in a send to nobody.
func (m *Migrator) Run(steps []string) error {
	for _, step := range steps {
		applied := make(chan error)
		go m.step(step, applied)
		select {
		case err := <-applied:
			if err != nil {
				return fmt.Errorf("step %s: %w", step, err)
			}
		case <-m.cancel:
			return context.Canceled
		}
	}
	return nil
}

// step reports to its caller, which may have left.
func (m *Migrator) step(name string, applied chan<- error) {
	applied <- m.apply(name) // want "send on applied blocks forever"
}

// Limited is bad: the handler's goroutine outlives the request.
func Limited(d time.Duration, render func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages := make(chan string)
		go func() {
			pages <- render(r) // want "send on pages blocks forever"
		}()
		select {
		case page := <-pages:
			io.WriteString(w, page)
		case <-time.After(d):
			http.Error(w, "too slow", http.StatusGatewayTimeout)
		}
	})
}

// AwaitReady is bad: the prober gets no receiver when the attempts are used up.
func AwaitReady(probe func() bool, attempts int) error {
	ready := make(chan struct{})
	go func() {
		for !probe() {
			time.Sleep(time.Millisecond)
		}
		ready <- struct{}{} // want "send on ready blocks forever"
	}()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range attempts {
		select {
		case <-ready:
			return nil
		case <-ticker.C:
		}
	}
	return ErrTimeout
}

// Shutdown is bad: the goroutine that waits for the last connection stands in its send when the
// grace period is over.
func Shutdown(srv *http.Server, drain func(), grace time.Duration) error {
	drained := make(chan bool)
	go func() {
		drain()
		drained <- true // want "send on drained blocks forever"
	}()
	deadline := time.AfterFunc(grace, func() { srv.Close() })
	defer deadline.Stop()
	expired := time.NewTimer(2 * grace)
	defer expired.Stop()
	select {
	case <-drained:
		return nil
	case <-expired.C:
		return ErrTimeout
	}
}
