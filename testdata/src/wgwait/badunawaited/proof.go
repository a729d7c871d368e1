//go:build proof

package badunawaited

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// early calls f until it returns before n tasks are done.
func early(n int, f func(task func())) {
	for range 1000 {
		var done atomic.Int32
		f(func() {
			time.Sleep(time.Millisecond)
			done.Add(1)
		})
		if int(done.Load()) < n {
			panic("returned early")
		}
	}
}

var two = []string{"a", "b"}

// claim: panic returned early
func driveSizes() {
	early(2, func(task func()) { Sizes(two, func(string) int { task(); return 0 }) })
}

// claim: race
func driveCheck() { Check(func() error { return errors.New("no") }) }

// claim: panic returned early
func driveEach() {
	early(2, func(task func()) { Each(two, func(string) { task() }) })
}

// claim: race
func driveFetch() {
	stored := make(chan string)
	Fetch(func() string { return "a" }, func(s string) { stored <- s })
	<-stored
	time.Sleep(time.Millisecond)
}

// claim: panic returned early
func driveServe() {
	early(1, func(task func()) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		Serve(ctx, func(context.Context) { task() })
	})
}

// claim: panic the poller polls on
func driveNewPoller() {
	polling := make(chan bool, 1)
	var closed, after atomic.Bool
	p := NewPoller(func() {
		select {
		case polling <- true:
		default:
		}
		time.Sleep(time.Millisecond)
		after.Store(closed.Load())
	})
	<-polling
	p.Close()
	closed.Store(true)
	time.Sleep(10 * time.Millisecond)
	if after.Load() {
		panic("the poller polls on")
	}
}

// claim: panic returned early
func drivePrint() {
	early(1, func(task func()) {
		l := NewLog(func(string) { task() })
		l.Print("a")
		l.Flush()
	})
}

// claim: panic returned early
func driveAll() {
	early(1, func(task func()) { All([]func() error{func() error { task(); return nil }}) })
}

// claim: panic returned early
func driveSum() {
	early(1, func(task func()) { Sum([]func() int{func() int { task(); return 1 }}) })
}

// claim: panic returned early
func driveBackground() {
	early(1, func(task func()) {
		Background(task)
		Drain()
	})
}
