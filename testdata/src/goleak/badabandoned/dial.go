// Package badabandoned holds a function that is too large to be explored, with a reply that it
// may not wait for.
package badabandoned

import (
	"errors"
	"sync"
	"time"
)

type Options struct {
	Timeout time.Duration
	has     func(int) bool
	name    func(int) string
}

type Conn struct {
	mu     sync.Mutex
	names  [14]string
	events chan int
}

var errTimeout = errors.New("timeout")

// Dial waits for the first answer, if that comes in time.
func Dial(addrs []string, o Options, dial func(string) error) (*Conn, error) {
	c := &Conn{events: make(chan int, 20)}
	if o.has(0) {
		c.mu.Lock()
		if c.names[0] == "" {
			c.names[0] = o.name(0)
		}
		select {
		case c.events <- 0:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(1) {
		c.mu.Lock()
		if c.names[1] == "" {
			c.names[1] = o.name(1)
		}
		select {
		case c.events <- 1:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(2) {
		c.mu.Lock()
		if c.names[2] == "" {
			c.names[2] = o.name(2)
		}
		select {
		case c.events <- 2:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(3) {
		c.mu.Lock()
		if c.names[3] == "" {
			c.names[3] = o.name(3)
		}
		select {
		case c.events <- 3:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(4) {
		c.mu.Lock()
		if c.names[4] == "" {
			c.names[4] = o.name(4)
		}
		select {
		case c.events <- 4:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(5) {
		c.mu.Lock()
		if c.names[5] == "" {
			c.names[5] = o.name(5)
		}
		select {
		case c.events <- 5:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(6) {
		c.mu.Lock()
		if c.names[6] == "" {
			c.names[6] = o.name(6)
		}
		select {
		case c.events <- 6:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(7) {
		c.mu.Lock()
		if c.names[7] == "" {
			c.names[7] = o.name(7)
		}
		select {
		case c.events <- 7:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(8) {
		c.mu.Lock()
		if c.names[8] == "" {
			c.names[8] = o.name(8)
		}
		select {
		case c.events <- 8:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(9) {
		c.mu.Lock()
		if c.names[9] == "" {
			c.names[9] = o.name(9)
		}
		select {
		case c.events <- 9:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(10) {
		c.mu.Lock()
		if c.names[10] == "" {
			c.names[10] = o.name(10)
		}
		select {
		case c.events <- 10:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(11) {
		c.mu.Lock()
		if c.names[11] == "" {
			c.names[11] = o.name(11)
		}
		select {
		case c.events <- 11:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(12) {
		c.mu.Lock()
		if c.names[12] == "" {
			c.names[12] = o.name(12)
		}
		select {
		case c.events <- 12:
		default:
		}
		c.mu.Unlock()
	}
	if o.has(13) {
		c.mu.Lock()
		if c.names[13] == "" {
			c.names[13] = o.name(13)
		}
		select {
		case c.events <- 13:
		default:
		}
		c.mu.Unlock()
	}
	wait := make(chan error)
	go func() {
		for _, a := range addrs {
			if err := dial(a); err != nil {
				wait <- err // want `send on wait blocks forever when the select gives up at line 201: nobody else receives from it`
				return
			}
		}
		close(wait)
	}()
	var timeout <-chan time.Time
	if o.Timeout > 0 {
		timeout = time.After(o.Timeout)
	}
	select {
	case err := <-wait:
		if err != nil {
			return nil, err
		}
	case <-timeout:
		return nil, errTimeout
	}
	return c, nil
}
