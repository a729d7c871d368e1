// Package badlimits holds loops that have something like a limit on the way,
// which limits nothing.
package badlimits

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Event is an element of an unbounded stream.
type Event struct {
	ID   int
	Data []byte
}

// ReleasedBySpawner is bad: the loop itself gives the token back right after
// the go statement.
func ReleasedBySpawner(events []Event, process func(Event)) {
	sem := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for _, ev := range events {
		wg.Add(1)
		sem <- struct{}{}
		go func() { // want "goroutine per"
			defer wg.Done()
			process(ev)
		}()
		<-sem
	}
	wg.Wait()
}

// WeightedReleasedBySpawner is bad: the same with a weighted semaphore.
func WeightedReleasedBySpawner(ctx context.Context, events []Event, process func(Event)) error {
	sem := semaphore.NewWeighted(8)
	for _, ev := range events {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go process(ev) // want "goroutine per"
		sem.Release(1)
	}
	return nil
}

type gate struct{ c chan struct{} }

func newGate(n int) *gate { return &gate{make(chan struct{}, n)} }

func (g *gate) Start(ctx context.Context) error {
	select {
	case g.c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) Done() { <-g.c }

// GateEnclosesNothing is bad: Start and Done stand before and after the go
// statement, both in the spawner.
func GateEnclosesNothing(ctx context.Context, events <-chan Event, process func(Event)) error {
	g := newGate(4)
	for ev := range events {
		if err := g.Start(ctx); err != nil {
			return err
		}
		go process(ev) // want "goroutine per"
		g.Done()
	}
	return nil
}

// TryAcquireIgnored is bad: the go statement stands after the select, so an
// event is processed in a new goroutine whether there was a token or not.
func TryAcquireIgnored(events <-chan Event, process func(Event)) {
	tok := make(chan struct{}, 4)
	for ev := range events {
		select {
		case tok <- struct{}{}:
		default:
		}
		go func() { // want "goroutine per"
			defer func() {
				select {
				case <-tok:
				default:
				}
			}()
			process(ev)
		}()
	}
}

// IdleWorkerOrNew is bad: if no worker is idle, a new goroutine is started,
// without a quota.
func IdleWorkerOrNew(events <-chan Event, process func(Event)) {
	work := make(chan Event)
	for range 4 {
		go func() {
			for ev := range work {
				process(ev)
			}
		}()
	}
	for ev := range events {
		select {
		case work <- ev:
		default:
			go process(ev) // want "goroutine per"
		}
	}
	close(work)
}

// AcquiredOnce is bad: one token is taken for the whole loop.
func AcquiredOnce(ctx context.Context, sem *semaphore.Weighted, events []Event, process func(Event)) error {
	if err := sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer sem.Release(1)
	var wg sync.WaitGroup
	for _, ev := range events {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			process(ev)
		}()
	}
	wg.Wait()
	return nil
}

// UrgentSkipsLimit is bad: events without data take no token, and there can
// be any number of them.
func UrgentSkipsLimit(events <-chan Event, process func(Event)) {
	sem := make(chan struct{}, 4)
	for ev := range events {
		if len(ev.Data) == 0 {
			go process(ev) // want "goroutine per"
			continue
		}
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			process(ev)
		}()
	}
}

// BufferIsNoLimit is bad: the capacity of the results bounds what is stored,
// not what runs.
func BufferIsNoLimit(events []Event, process func(Event) int) (sum int) {
	results := make(chan int, 16)
	for _, ev := range events {
		go func() { results <- process(ev) }() // want "goroutine per"
	}
	for range events {
		sum += <-results
	}
	return sum
}

// MutexIsNoLimit is bad: the lock lets one goroutine work at a time, all the
// others exist and wait.
func MutexIsNoLimit(events []Event, process func(Event)) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, ev := range events {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			process(ev)
		}()
	}
	wg.Wait()
}

// TimeoutIsNoLimit is bad: a deadline ends the goroutines, it does not bound
// their number.
func TimeoutIsNoLimit(ctx context.Context, events <-chan Event, process func(context.Context, Event)) {
	for ev := range events {
		go func() { // want "goroutine per"
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			process(ctx, ev)
		}()
	}
}

// BatchNotAwaited is bad: the input is cut into batches, but the Wait stands
// below all of them.
func BatchNotAwaited(events []Event, process func(Event)) {
	const batch = 32
	var wg sync.WaitGroup
	for start := 0; start < len(events); start += batch {
		for _, ev := range events[start:min(start+batch, len(events))] {
			wg.Add(1)
			go func() { // want "goroutine per"
				defer wg.Done()
				process(ev)
			}()
		}
	}
	wg.Wait()
}

// Not run: a number of goroutines without a bound is no leak, and ends well as long as the memory lasts.
