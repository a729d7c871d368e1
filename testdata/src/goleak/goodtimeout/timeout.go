// Package goodtimeout holds calls that are given up after a time, and whose goroutine ends all the
// same.
package goodtimeout

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

// Quote is good: the channel has room for the late answer.
func (c *Client) Quote(ctx context.Context, symbol string) (Quote, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	quotes := make(chan Quote, 1)
	go func() {
		q, err := c.backend.Quote(ctx, symbol)
		if err != nil {
			q = Quote{Symbol: symbol}
		}
		quotes <- q
	}()
	select {
	case q := <-quotes:
		return q, nil
	case <-ctx.Done():
		return Quote{}, ctx.Err()
	}
}

// Ping is good: the sender drops an answer that nobody waits for.
func Ping(dial func(addr string) error, addr string) error {
	done := make(chan error)
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		err := dial(addr)
		select {
		case done <- err:
		case <-quit:
		}
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

// Within is good: capacity 1 for any type.
func Within[T any](d time.Duration, f func() (T, error)) (T, error) {
	done := make(chan result[T], 1)
	go func() {
		v, err := f()
		done <- result[T]{v, err}
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

// Copy is good: the end is signalled by close, which needs no receiver.
func Copy(ctx context.Context, dst io.Writer, src io.Reader) (int64, error) {
	var n int64
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		n, err = io.Copy(dst, src)
	}()
	select {
	case <-done:
		return n, err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// Fetch is good: the goroutine watches the context that ends its reader.
func Fetch(ctx context.Context, url string, get func(context.Context, string) ([]byte, error)) ([]byte, error) {
	bodies, errs := make(chan []byte), make(chan error)
	go func() {
		body, err := get(ctx, url)
		if err != nil {
			select {
			case errs <- err:
			case <-ctx.Done():
			}
			return
		}
		select {
		case bodies <- body:
		case <-ctx.Done():
		}
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

// Run is good: on cancel it waits for the step that runs.
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
			<-applied
			return context.Canceled
		}
	}
	return nil
}

// step reports to its caller, which receives in either case.
func (m *Migrator) step(name string, applied chan<- error) {
	applied <- m.apply(name)
}

// Limited is good: a late page is dropped by a goroutine that frees the sender.
func Limited(d time.Duration, render func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages := make(chan string)
		go func() {
			pages <- render(r)
		}()
		select {
		case page := <-pages:
			io.WriteString(w, page)
		case <-time.After(d):
			go func() { <-pages }()
			http.Error(w, "too slow", http.StatusGatewayTimeout)
		}
	})
}

// AwaitReady is good: the prober stops when the attempts are used up.
func AwaitReady(probe func() bool, attempts int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ready := make(chan struct{})
	go func() {
		for !probe() {
			time.Sleep(time.Millisecond)
		}
		select {
		case ready <- struct{}{}:
		case <-ctx.Done():
		}
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

// Shutdown is good: the receive after the forced close takes what the goroutine sends.
func Shutdown(srv *http.Server, drain func(), grace time.Duration) error {
	drained := make(chan bool)
	go func() {
		drain()
		drained <- true
	}()
	select {
	case <-drained:
		return nil
	case <-time.After(grace):
		err := srv.Close()
		<-drained
		return errors.Join(ErrTimeout, err)
	}
}
