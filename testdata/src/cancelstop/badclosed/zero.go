package badclosed

import (
	"bufio"
	"context"
	"io"
	"log"
)

// An update is what a feed gives.
type update struct{ key string }

func feed(ctx context.Context, next func(context.Context) ([]update, error)) <-chan []update {
	c := make(chan []update)
	go func() {
		defer close(c)
		for {
			us, err := next(ctx)
			if err != nil {
				log.Print(err)
				return
			}
			select {
			case c <- us:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// Follow goes on with no updates when next has failed.
func Follow(ctx context.Context, next func(context.Context) ([]update, error), seen map[string]bool) {
	c := feed(ctx, next)
	for {
		select {
		case <-ctx.Done():
			return
		case us := <-c: // want "this case does not ask whether c is still open: after the close at line 16 the loop spins with zero values"
			for _, u := range us {
				seen[u.key] = true
			}
		}
	}
}

// A Counter counts what is in its input.
type Counter struct {
	lines chan string
	stop  chan struct{}
	n     int
}

// NewCounter starts to read.
func NewCounter(r io.Reader) *Counter {
	c := &Counter{lines: make(chan string), stop: make(chan struct{})}
	go c.read(r)
	return c
}

func (c *Counter) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		c.lines <- lines.Text()
	}
	close(c.lines)
}

// Stop ends Count.
func (c *Counter) Stop() { close(c.stop) }

// Count counts the end of the input again and again.
func (c *Counter) Count() int {
	for {
		select {
		case line := <-c.lines: // want "this case does not ask whether c.lines is still open: after the close at line 67 the loop spins with zero values"
			c.n += len(line)
		case <-c.stop:
			return c.n
		}
	}
}

// Total never returns.
func Total(in []int, wake <-chan struct{}) (sum int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, n := range in {
			c <- n
		}
	}()
	for {
		select {
		case n := <-c: // want "this case does not ask whether c is still open: after the close at line 89 the loop spins with zero values"
			sum += n
		case <-wake:
			return sum
		}
	}
}
