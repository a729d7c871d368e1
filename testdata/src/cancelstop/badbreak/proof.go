//go:build proof

package badbreak

import (
	"context"
	"net/http/httptest"
	"time"
)

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// claim: spin Sum
func driveSum() {
	var n int
	Sum(cancelled(), make(chan int), &n)
}

// claim: spin Silent
func driveSilent() { Silent(cancelled(), make(chan int)) }

// claim: spin Again
func driveAgain() { Again(cancelled(), make(chan int), make(chan int)) }

// claim: spin buffer.Flush
func driveFlush() { new(buffer).Flush(cancelled(), time.Hour) }

// claim: spin Serve
func driveServe() {
	r := httptest.NewRequest("GET", "/", nil).WithContext(cancelled())
	Serve(httptest.NewRecorder(), r, make(chan []byte))
}

// claim: spin Read
func driveRead() { Read(cancelled(), func() (int, error) { return 1, nil }) }

// claim: spin Nested
func driveNested() { Nested(cancelled(), 2, make(chan int)) }

// claim: spin Held
func driveHeld() { Held(cancelled(), make(chan int), make(chan int)) }

// claim: spin loop
func driveMonitor() {
	m := &Monitor{done: make(chan struct{})}
	m.Stop()
	m.loop()
}

// claim: spin Send
func driveSend() { Send(cancelled(), make(chan []byte), []byte("x")) }

// claim: spin Merge
func driveMerge() {
	a := make(chan int)
	close(a)
	Merge(a, make(chan int), func(int) {})
}

// claim: spin Three
func driveThree() { Three(cancelled(), make(chan int)) }
