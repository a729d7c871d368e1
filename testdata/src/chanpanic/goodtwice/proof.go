//go:build proof

package goodtwice

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"
)

var errFailed = errors.New("failed")

func fail() error { return errFailed }

// claim: none
func driveServer() {
	NewServer().Shutdown()
	w := &Watcher{events: make(chan string)}
	w.Watch(func() (string, error) { return "", errFailed })
	w = &Watcher{events: make(chan string)}
	w.Watch(func() (string, error) { return "", io.EOF })
	NewRelay().Close()
	Cancelable([]func() error{fail})
	Recovered()
}

// claim: none
func driveConcurrent() {
	nop := func() {}
	for range 1000 {
		Serve(fail, fail)
		OpenAll()
		Hold([3]func(){nop, nop, nop}, nop)
		OpenLatch()
		DetachTwice()
		LeaveTwice()
		LastCloses(func(i int) int { return i })
	}
}

// claim: none
func driveRestart() {
	RunTwice(func() {})
	Announce("hello")
	StopAll(3)
}

// claim: none
func driveTimers() {
	for _, d := range []time.Duration{time.Nanosecond, time.Millisecond, time.Second} {
		Deadline(d, func() { time.Sleep(10 * time.Millisecond) })
	}
	ctx, cancel := context.WithCancel(context.Background())
	Follow(ctx, func() bool { return false })
	cancel()
	Follow(ctx, func() bool { return false })
}

// claim: none
func driveData() {
	Lines("a\n.\nb", make(chan string, 3))
	LinesReturn("a\n.\nb", make(chan string, 3))
	Connect(func() error { return nil }, fail)
	ConnectOnce(func() error { return nil }, fail)
	Parse([]string{"1", "x"}, strconv.Atoi)
	Each([]func() error{fail})
	Ping([]byte("ping"))
	Route([]string{"metrics"})
	Split(4, false)
	Split(4, true)
	Interpret([]string{"quit"}, make(chan string, 1))
	InterpretQuit([]string{"quit"}, make(chan string, 1))
	Optional(3, true)
	Optional(3, false)
}
