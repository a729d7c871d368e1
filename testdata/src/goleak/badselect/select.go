// Package badselect holds selects of which no case can ever proceed, mostly because they watch the
// wrong context or channel.
package badselect

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrStopped is returned when the work was stopped.
var ErrStopped = errors.New("stopped")

// A Point is a measured value.
type Point struct {
	At  time.Time
	Val float64
}

// Scan is bad: the context that guards the send is cancelled at the end, but not when the reader
// leaves early.
func Scan(rows [][]float64, keep func(Point) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	points := make(chan Point)
	go func() {
		defer close(points)
		for _, row := range rows {
			for _, v := range row {
				select { // want "select blocks forever"
				case points <- Point{Val: v}:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	for p := range points {
		if err := keep(p); err != nil {
			return err
		}
	}
	cancel()
	return nil
}

// Crawl is bad, though nothing is reported here: the feeder watches a context of its own, not the group's, so that it does not
// notice that the workers have failed.
func Crawl(urls []string, visit func(context.Context, string) error) error {
	feedCtx, stopFeed := context.WithCancel(context.Background())
	defer stopFeed()
	g, gctx := errgroup.WithContext(context.Background())
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, u := range urls {
			select {
			case queue <- u:
			case <-feedCtx.Done():
				return feedCtx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for u := range queue {
			if err := visit(gctx, u); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// Pump is bad: it can be stopped only between two values, and by a channel that is closed after it
// has ended.
func Pump(vals []int, sink func(int) bool) {
	out := make(chan int)
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for _, v := range vals {
			select {
			case out <- v:
			case <-stop:
				return
			}
		}
		close(out)
	}()
	for v := range out {
		if !sink(v) {
			<-ended // want "receive from ended blocks forever"
			close(stop)
			return
		}
	}
}

// Unstopped is bad: AfterFunc's function would close stop, but its context is never done.
func Unstopped(ctx context.Context, run func() error) error {
	mine := make(chan func())
	stop := make(chan struct{})
	release := context.AfterFunc(context.WithoutCancel(ctx), func() { close(stop) })
	go func() {
		for {
			select { // want "select blocks forever"
			case task := <-mine:
				task()
			case <-stop:
				return
			}
		}
	}()
	err := run()
	release()
	return err
}

// Exchange is bad: both sides first offer what they have, and each waits for the other to take.
func Exchange(left, right func() int) (int, int) {
	toLeft, toRight := make(chan int), make(chan int)
	got := make(chan int, 1)
	go func() {
		toLeft <- right() // want "send on toLeft blocks forever"
		got <- <-toRight
	}()
	toRight <- left()
	return <-toLeft, <-got
}

// A Tracker counts what happens, by kind.
type Tracker struct {
	hits, misses chan int
	total        chan int
}

// Track is bad: after the total the tracker waits for one more event.
func Track(events []bool) int {
	t := Tracker{hits: make(chan int), misses: make(chan int), total: make(chan int)}
	go t.count(len(events))
	for range events {
		t.misses <- 1
	}
	return <-t.total
}

func (t Tracker) count(n int) {
	sum := 0
	for range n {
		select {
		case v := <-t.hits:
			sum += v
		case v := <-t.misses:
			sum -= v
		}
	}
	t.total <- sum
	select { // want "select blocks forever"
	case <-t.hits:
	case <-t.misses:
	}
}

// Unlocked is bad: the waiter gives the signal only to those who asked before it left.
func Unlocked(waiters int, open func() bool) (entered int) {
	if waiters < 1 {
		return 0
	}
	gate := make(chan struct{})
	late := make(chan struct{})
	var mu sync.Mutex
	for range waiters {
		go func() {
			select { // want "select blocks forever"
			case <-gate:
				mu.Lock()
				entered++
				mu.Unlock()
			case <-late:
			}
		}()
	}
	if open() {
		close(gate)
	}
	mu.Lock()
	defer mu.Unlock()
	return entered
}
