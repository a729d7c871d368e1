// Package fixroom holds goroutines that are left with a value to send, with and
// without a fix.
package fixroom

import (
	"context"
	"io"
	"log"
	"net"
	"sync"
)

// One gets room for its one value.
func One(ctx context.Context, f func() int) (int, error) {
	c := make(chan int) // made for one answer
	go func() {
		c <- f() // want "send on c blocks forever"
	}()
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Var is declared in another way.
func Var(ctx context.Context, f func() error) error {
	var errc = make(chan error)
	go func() {
		defer close(errc)
		if err := f(); err != nil {
			errc <- err // want "send on errc blocks forever"
			return
		}
		errc <- nil // want "send on errc blocks forever"
	}()
	select {
	case err := <-errc:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Each gets room for a value of each element.
func Each(hosts []string, ask func(string) string) string {
	answers := make(chan string)
	for _, h := range hosts {
		go func() {
			answers <- ask(h) // want "send on answers blocks forever"
		}()
	}
	return <-answers
}

// Counted gets room for a value of each number.
func Counted(n int, f func(int) int) int {
	out := make(chan int)
	for i := 0; i < n; i++ {
		go func() { out <- f(i) }() // want "send on out blocks forever"
	}
	return <-out
}

// Named starts named functions.
func Named(ctx context.Context, f func() int) int {
	c := make(chan int)
	go answer(c, f)
	select {
	case v := <-c:
		return v
	case <-ctx.Done():
		return 0
	}
}

func answer(c chan<- int, f func() int) {
	c <- f() // want "send on c blocks forever"
}

// Missing gets the return that is missing.
func Missing(f func() (int, error)) (int, error) {
	type result struct {
		n   int
		err error
	}
	results := make(chan result)
	go func() {
		n, err := f()
		if err != nil {
			results <- result{err: err}
		}
		results <- result{n: n} // want "send on results blocks forever"
	}()
	r := <-results
	return r.n, r.err
}

// The following get no fix.

// Dial gets none: nobody would close the connection.
func Dial(ctx context.Context, dial func() net.Conn) (net.Conn, error) {
	conns := make(chan net.Conn)
	go func() {
		conns <- dial() // want "send on conns blocks forever"
	}()
	select {
	case c := <-conns:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// After gets none: the goroutine has something to do when its value is received.
func After(ctx context.Context, f func() int) int {
	c := make(chan int)
	go func() {
		c <- f() // want "send on c blocks forever"
		log.Print("delivered")
	}()
	select {
	case v := <-c:
		return v
	case <-ctx.Done():
		return 0
	}
}

// Stopped gets none: its receiver could see done first, and lose the value.
func Stopped(ctx context.Context, f func() int) int {
	c, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		c <- f() // want "send on c blocks forever"
	}()
	select {
	case v := <-c:
		return v
	case <-done:
		return -1
	case <-ctx.Done():
		return 0
	}
}

// Stream gets none: nobody knows how many lines there are.
func Stream(r io.Reader, next func(io.Reader) (string, bool)) string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for {
			line, ok := next(r)
			if !ok {
				return
			}
			lines <- line // want "send on lines blocks forever"
		}
	}()
	for line := range lines {
		if line != "" {
			return line
		}
	}
	return ""
}

// Grown gets none: the list is longer at the loop than where the channel is made.
func Grown(hosts []string, ask func(string) string) string {
	answers := make(chan string)
	hosts = append(hosts, "localhost")
	for _, h := range hosts {
		go func() {
			answers <- ask(h) // want "send on answers blocks forever"
		}()
	}
	return <-answers
}

// Filled gets none: the map may have more elements at the loop than before.
func Filled(hosts map[string]int, more func(map[string]int), ask func(string) string) string {
	answers := make(chan string)
	more(hosts)
	for h := range hosts {
		go func() {
			answers <- ask(h) // want "send on answers blocks forever"
		}()
	}
	return <-answers
}

// Keyed gets room for a value of each element.
func Keyed(hosts map[string]int, ask func(string, int) string) string {
	answers := make(chan string)
	for h := range hosts {
		go func() {
			answers <- ask(h, hosts[h]) // want "send on answers blocks forever"
		}()
	}
	return <-answers
}

// Poll gets none: with room in it, the channel would keep an old value.
func Poll(ctx context.Context, f func() int) int {
	c := make(chan int)
	go func() {
		select {
		case c <- f():
		default:
		}
		c <- f() // want "send on c blocks forever"
	}()
	select {
	case v := <-c:
		return v
	case <-ctx.Done():
		return 0
	}
}

// Kept gets none: the channel is used elsewhere as well.
func Kept(ctx context.Context, f func() int, all map[string]chan int) int {
	c := make(chan int)
	var mu sync.Mutex
	go func() {
		c <- f() // want "send on c blocks forever"
	}()
	mu.Lock()
	n := cap(c)
	mu.Unlock()
	select {
	case v := <-c:
		return v + n
	case <-ctx.Done():
		return 0
	}
}
