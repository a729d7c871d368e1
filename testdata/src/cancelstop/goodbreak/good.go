// Package goodbreak has loops that end when their context is done, or that end by
// themselves.
package goodbreak

import (
	"context"
	"errors"
	"log"
	"os"
	"time"
)

// Returns is Sum of badbreak done right.
func Returns(ctx context.Context, in <-chan int, total *int) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-in:
			*total += n
		}
	}
}

// Labelled breaks out of the loop.
func Labelled(ctx context.Context, in <-chan int) (sum int) {
loop:
	for {
		select {
		case <-ctx.Done():
			break loop
		case n := <-in:
			sum += n
		}
	}
	return sum
}

// Below leaves below the select, to which only the break leads.
func Below(ctx context.Context, in <-chan int) (sum int, err error) {
	for {
		select {
		case <-ctx.Done():
			break
		case n := <-in:
			sum += n
			continue
		}
		return sum, ctx.Err()
	}
}

// BelowTwice tries something else before it leaves.
func BelowTwice(ctx context.Context, in <-chan int, again func() bool) (sum int) {
	for {
		select {
		case <-ctx.Done():
			break
		case n := <-in:
			sum += n
			continue
		}
		if again() {
			continue
		}
		return sum
	}
}

// Asks looks at the context behind the select.
func Asks(ctx context.Context, t *time.Ticker, flush func()) {
	for {
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		flush()
		if ctx.Err() != nil {
			return
		}
	}
}

// Condition looks at the context in the loop's head.
func Condition(ctx context.Context, in <-chan int) (sum int) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			break
		case n := <-in:
			sum += n
		}
	}
	return sum
}

// Flag leaves by a flag that the case sets.
func Flag(ctx context.Context, in <-chan int) (sum int) {
	for stopped := false; !stopped; {
		select {
		case <-ctx.Done():
			stopped = true
			break
		case n := <-in:
			sum += n
		}
	}
	return sum
}

// LaterFlag leaves from another case, by what this one has noted.
func LaterFlag(ctx context.Context, in <-chan int, idle <-chan time.Time) (sum int) {
	stopped := false
	for {
		select {
		case <-ctx.Done():
			stopped = true
		case n := <-in:
			sum += n
		case <-idle:
			if stopped {
				return sum
			}
		}
	}
}

// Drain asks the producer to stop, and waits until it has closed the channel.
func Drain(ctx context.Context, in <-chan int, stop func()) (sum int) {
	for {
		select {
		case <-ctx.Done():
			stop()
		case n, ok := <-in:
			if !ok {
				return sum
			}
			sum += n
		}
	}
}

// Once switches the case off.
func Once(ctx context.Context, in <-chan int) (sum int) {
	done := ctx.Done()
	for {
		select {
		case <-done:
			done = nil
			log.Print("finishing")
		case n, ok := <-in:
			if !ok {
				return sum
			}
			sum += n
		}
	}
}

// Renews derives a context anew in each turn.
func Renews(parent context.Context, in <-chan int) (sum int) {
	for {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		select {
		case <-ctx.Done():
			log.Print("nothing in the last second")
		case n := <-in:
			sum += n
		}
		cancel()
	}
}

// A client gets a new context when it connects again.
type client struct {
	ctx    context.Context
	cancel context.CancelFunc
	in     chan int
}

func (c *client) connect() {
	c.ctx, c.cancel = context.WithCancel(context.Background())
}

func (c *client) drop() { c.cancel() }

func (c *client) run() {
	for {
		select {
		case <-c.ctx.Done():
			c.connect()
		case n := <-c.in:
			log.Print(n)
		}
	}
}

// Reassigned gets another context from a function literal.
func Reassigned(ctx context.Context, in <-chan int) {
	again := func() { ctx = context.Background() }
	for {
		select {
		case <-ctx.Done():
			again()
		case n := <-in:
			log.Print(n)
		}
	}
}

// Exits ends the process.
func Exits(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			os.Exit(1)
		case n := <-in:
			log.Print(n)
		}
	}
}

// Fatal ends the process by another function.
func Fatal(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			fail(ctx.Err())
		case n := <-in:
			log.Print(n)
		}
	}
}

func fail(err error) { log.Fatal(err) }

// Unknown calls what may end the process.
func Unknown(ctx context.Context, in <-chan int, exit func(int)) {
	for {
		select {
		case <-ctx.Done():
			exit(0)
		case n := <-in:
			log.Print(n)
		}
	}
}

// DrainRange discards the rest of a channel that is going to be closed.
func DrainRange(ctx context.Context, in <-chan int, out chan<- int) {
	for n := range in {
		select {
		case <-ctx.Done():
			break
		case out <- n:
		}
	}
}

// Rest has nothing left to do in its other turns.
func Rest(ctx context.Context, all []int, out chan<- int) {
	for _, n := range all {
		select {
		case <-ctx.Done():
			break
		case out <- n:
		}
	}
}

// Retry gives its context to what it calls, which fails then.
func Retry(ctx context.Context, try func(context.Context) error) (err error) {
	for range 10 {
		if err = try(ctx); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			break
		case <-time.After(time.Second):
		}
	}
	return err
}

// Polls asks whether the context is done, and works on until a tick.
func Polls(ctx context.Context, t <-chan time.Time, step func() error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		select {
		case <-t:
			return errors.New("late")
		default:
		}
		if err := step(); err != nil {
			return err
		}
	}
}

// Outer continues an outer loop, which derives another context.
func Outer(parent context.Context, in <-chan int) (sum int) {
outer:
	for {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		for {
			select {
			case <-ctx.Done():
				cancel()
				continue outer
			case n, ok := <-in:
				if !ok {
					cancel()
					return sum
				}
				sum += n
			}
		}
	}
}

// Goto leaves without break or return.
func Goto(ctx context.Context, in <-chan int) (sum int) {
	for {
		select {
		case <-ctx.Done():
			goto end
		case n := <-in:
			sum += n
		}
	}
end:
	return sum
}

// Forever waits forever on purpose once the context is done.
func Forever(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			select {}
		case n := <-in:
			log.Print(n)
		}
	}
}

// NoLoop has a break that ends what it is meant to end.
func NoLoop(ctx context.Context, in <-chan int) (n int) {
	select {
	case <-ctx.Done():
		break
	case n = <-in:
	}
	return n
}

// InLiteral has the loop around the function literal, not around the select.
func InLiteral(ctx context.Context, ins []<-chan int) {
	for _, in := range ins {
		go func() {
			select {
			case <-ctx.Done():
				break
			case <-in:
			}
			log.Print("over")
		}()
	}
}

// Background is never done.
func Background(in <-chan int) {
	for {
		select {
		case <-context.Background().Done():
		case n := <-in:
			log.Print(n)
		}
	}
}

// Spawns gives its context to what it starts.
func Spawns(ctx context.Context, names []string, visit func(context.Context, string)) {
	for _, name := range names {
		select {
		case <-ctx.Done():
			break
		default:
		}
		func() { visit(ctx, name) }()
	}
}

// Inner leaves the end to the other select, where the loop comes next.
func Inner(ctx context.Context, in <-chan int, out chan<- int) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-in:
			select {
			case out <- n:
			case <-ctx.Done():
			}
		}
	}
}
