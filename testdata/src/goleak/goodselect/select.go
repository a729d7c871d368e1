// Package goodselect holds selects of which some case proceeds sooner or later.
package goodselect

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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

// Scan is good: the context that guards the send is cancelled when the reader leaves.
func Scan(rows [][]float64, keep func(Point) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	points := make(chan Point)
	go func() {
		defer close(points)
		for _, row := range rows {
			for _, v := range row {
				select {
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
	return nil
}

// Crawl is good: the feeder's context is a child of the group's.
func Crawl(urls []string, visit func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(context.Background())
	feedCtx, stopFeed := context.WithTimeout(gctx, time.Minute)
	defer stopFeed()
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

// Walked is good: the callback that sends watches the group's context though it was called with
// the parent.
func Walked(ctx context.Context, walk func(context.Context, func(string) error) error, read func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	names := make(chan string)
	for range 3 {
		g.Go(func() error {
			for name := range names {
				if err := read(gctx, name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := walk(ctx, func(name string) error {
		select {
		case names <- name:
			return nil
		case <-gctx.Done():
			return gctx.Err()
		}
	})
	close(names)
	return errors.Join(err, g.Wait())
}

// Pump is good: it closes stop before it waits for the end.
func Pump(vals []int, sink func(int) bool) {
	out := make(chan int)
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(out)
		for _, v := range vals {
			select {
			case out <- v:
			case <-stop:
				return
			}
		}
	}()
	for v := range out {
		if !sink(v) {
			close(stop)
			<-ended
			return
		}
	}
}

// Unstopped is good: whether AfterFunc's function was taken back or not, stop gets closed.
func Unstopped(ctx context.Context, run func() error) error {
	mine := make(chan func())
	stop := make(chan struct{})
	release := context.AfterFunc(ctx, func() { close(stop) })
	go func() {
		for {
			select {
			case task := <-mine:
				task()
			case <-stop:
				return
			}
		}
	}()
	err := run()
	if release() {
		close(stop)
	}
	return err
}

// A Mirror copies what it is told to.
type Mirror struct {
	add, del chan string
	running  atomic.Bool
}

// Mirrored is good: after the flag is cleared a close wakes the loop.
func Mirrored(names []string, copy func(string)) {
	m := &Mirror{add: make(chan string), del: make(chan string)}
	m.running.Store(true)
	go func() {
		for m.running.Load() {
			select {
			case name := <-m.add:
				copy(name)
			case <-m.del:
			}
		}
	}()
	for _, n := range names {
		m.add <- n
	}
	m.running.Store(false)
	close(m.del)
}

// Exchange is good: one side sends first, the other receives first.
func Exchange(left, right func() int) (int, int) {
	toLeft, toRight := make(chan int), make(chan int)
	got := make(chan int, 1)
	go func() {
		v := <-toRight
		toLeft <- right()
		got <- v
	}()
	toRight <- left()
	return <-toLeft, <-got
}

// A Tracker counts what happens, by kind.
type Tracker struct {
	hits, misses chan int
	total        chan int
}

// Track is good: the tracker takes as many events as are sent, of either kind.
func Track(events []bool) int {
	t := Tracker{hits: make(chan int), misses: make(chan int), total: make(chan int)}
	go t.count(len(events))
	for _, hit := range events {
		if hit {
			t.hits <- 1
		} else {
			t.misses <- 1
		}
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
}

// Unlocked is good: whichever way, one of the two channels is closed.
func Unlocked(waiters int, open func() bool) {
	gate := make(chan struct{})
	late := make(chan struct{})
	var wg sync.WaitGroup
	for range waiters {
		wg.Go(func() {
			select {
			case <-gate:
			case <-late:
			}
		})
	}
	if open() {
		close(gate)
	} else {
		close(late)
	}
	wg.Wait()
}

// Latest is good: neither select can block, and the reader takes what is there.
func Latest(updates []int) (last int, ok bool) {
	slot := make(chan int, 1)
	for _, u := range updates {
		select {
		case <-slot:
		default:
		}
		select {
		case slot <- u:
		default:
		}
	}
	select {
	case last = <-slot:
		return last, true
	default:
		return 0, false
	}
}

// Until is good: a timer ends the select that has no other live case.
func Until(d time.Duration, wake func(chan<- struct{})) bool {
	woken := make(chan struct{}, 1)
	wake(woken)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-woken:
		return true
	case <-timer.C:
		return false
	}
}
