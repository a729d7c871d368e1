//go:build proof

package badtwice

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"
)

var errFailed = errors.New("failed")

// together returns a function that returns to its n callers at about the same
// time.
func together(n int) func() {
	var wg sync.WaitGroup
	wg.Add(n)
	return func() {
		wg.Done()
		wg.Wait()
	}
}

// claim: panic close of closed channel
func driveShutdown() { NewServer().Shutdown() }

// claim: panic close of closed channel
func driveWatch() {
	w := &Watcher{events: make(chan string)}
	w.Watch(func() (string, error) { return "", errFailed })
}

// claim: panic close of closed channel
func driveServe() {
	for range 1000 {
		wait := together(2)
		step := func() error { wait(); return errFailed }
		Serve(step, step)
	}
}

// claim: panic close of closed channel
func driveHold() {
	nop := func() {}
	Hold([3]func(){nop, nop, nop}, func() { time.Sleep(10 * time.Millisecond) })
}

// claim: panic close of closed channel
func driveClose() { NewRelay().Close() }

// claim: panic close of closed channel
func driveRunTwice() {
	RunTwice(func() {})
	time.Sleep(time.Second)
}

// claim: panic close of closed channel
func driveAnnounce() { Announce("hello") }

// claim: panic close of closed channel
func driveStopAll() { StopAll(3) }

// claim: panic close of closed channel
func driveLastCloses() {
	for range 1000 {
		wait := together(2)
		LastCloses(func(i int) int { wait(); return i })
	}
}

// claim: panic close of closed channel
func driveDeadline() {
	Deadline(time.Millisecond, func() { time.Sleep(100 * time.Millisecond) })
}

// claim: panic close of closed channel
func driveFollow() {
	ctx, cancel := context.WithCancel(context.Background())
	Follow(ctx, func() bool { return false })
	cancel()
	time.Sleep(time.Second)
}

// claim: panic close of closed channel
func driveLines() { Lines("a\n.\nb", make(chan string, 3)) }

// claim: panic close of closed channel
func driveConnect() {
	Connect(func() error { return nil }, func() error { return errFailed })
}

// claim: panic close of closed channel
func driveParse() { Parse([]string{"1", "x"}, strconv.Atoi) }

// claim: panic close of closed channel
func driveEach() { Each([]func() error{func() error { return errFailed }}) }

// claim: panic close of closed channel
func drivePing() { Ping([]byte("ping")) }

// claim: panic close of closed channel
func driveRoute() { Route([]string{"metrics"}) }

// claim: panic close of closed channel
func driveSplit() { Split(4, false) }

// claim: panic close of closed channel
func driveInterpret() { Interpret([]string{"quit"}, make(chan string, 1)) }
