// Package badbreak has cases for the end of a context that do not leave the loop.
package badbreak

import (
	"context"
	"log"
	"net/http"
	"sync"
	"time"
)

// Sum is meant to end with ctx.
func Sum(ctx context.Context, in <-chan int, total *int) {
	for {
		select {
		case <-ctx.Done():
			break // want "break leaves the select, not the for loop: after ctx is done the loop spins forever"
		case n := <-in:
			*total += n
		}
	}
}

// Logged says that it stops, again and again.
func Logged(ctx context.Context, in <-chan string) {
	for {
		select {
		case msg := <-in:
			log.Print(msg)
		case <-ctx.Done():
			log.Print("stopping: ", ctx.Err())
			break // want "break leaves the select, not the for loop: after ctx is done the loop spins forever"
		}
	}
}

// Silent has an empty case, as if there were nothing to do.
func Silent(ctx context.Context, in <-chan int) int {
	sum := 0
	for {
		select {
		case <-ctx.Done(): // want "this case does not leave the for loop: after ctx is done the loop spins until another case leaves it"
		case n, ok := <-in:
			if !ok {
				return sum
			}
			sum += n
		}
	}
}

// Again goes on with the next turn, which finds the context done as well.
func Again(ctx context.Context, in <-chan int, out chan<- int) {
	for {
		select {
		case <-ctx.Done():
			continue // want "continue stays in the for loop: after ctx is done the loop spins forever"
		case n := <-in:
			select {
			case out <- n:
			default:
			}
		}
	}
}

// A buffer is flushed from time to time.
type buffer struct {
	mu      sync.Mutex
	pending []int
	flushed int
}

func (b *buffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flushed += len(b.pending)
	b.pending = nil
}

// Flush wants to flush once more at the end; it does so forever.
func (b *buffer) Flush(ctx context.Context, period time.Duration) {
	t := time.NewTicker(period)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done(): // want "this case does not leave the for loop: after ctx is done the loop goes on forever"
		case <-t.C:
		}
		b.flush()
	}
}

// Serve streams to a request that is gone.
func Serve(w http.ResponseWriter, r *http.Request, events <-chan []byte) {
	for {
		select {
		case <-r.Context().Done():
			break // want "break leaves the select, not the for loop: after r.Context.. is done the loop spins forever"
		case e := <-events:
			w.Write(e)
		}
	}
}

// Poll asks at each tick, with or without the context.
func Poll(ctx context.Context, t *time.Ticker, poll func()) {
	for range t.C {
		select {
		case <-ctx.Done():
			break // want "break leaves the select, not the range loop: after ctx is done the loop goes on forever"
		default:
		}
		poll()
	}
}

// Visit does all the work although the context is done.
func Visit(ctx context.Context, names []string, visit func(string)) {
	for _, name := range names {
		select {
		case <-ctx.Done():
			break // want "break leaves the select, not the range loop: after ctx is done the loop goes on with its next turn"
		default:
		}
		visit(name)
	}
}

// Read leaves on an error, but not when the context is done.
func Read(ctx context.Context, read func() (int, error)) (sum int, err error) {
	for {
		select {
		case <-ctx.Done():
			break // want "break leaves the select, not the for loop: after ctx is done the loop goes on with its next turn"
		default:
		}
		n, err := read()
		if err != nil {
			return sum, err
		}
		sum += n
	}
}

// A session has its context in a field.
type session struct {
	ctx context.Context
	in  chan int
}

func newSession(ctx context.Context) *session {
	s := &session{in: make(chan int)}
	s.ctx = ctx
	return s
}

func (s *session) run(handle func(int)) {
	for {
		select {
		case <-s.ctx.Done():
			switch s.ctx.Err() {
			case context.Canceled:
				log.Print("cancelled")
			}
			break // want "break leaves the select, not the for loop: after s.ctx is done the loop spins forever"
		case n := <-s.in:
			handle(n)
		}
	}
}

// Nested leaves neither loop.
func Nested(ctx context.Context, rounds int, in <-chan int) (sum int) {
	for range rounds {
		for {
			select {
			case <-ctx.Done():
				break // want "break leaves the select, not the for loop: after ctx is done the loop spins until another case leaves it"
			case n, ok := <-in:
				if !ok {
					return sum
				}
				sum += n
			}
		}
	}
	return sum
}

// Held asks for the channel once.
func Held(ctx context.Context, in <-chan int, out chan<- int) {
	done := ctx.Done()
	for {
		select {
		case <-done:
			break // want "break leaves the select, not the for loop: after done is closed the loop spins forever"
		case n := <-in:
			select {
			case out <- n:
			case <-done:
			}
		}
	}
}
