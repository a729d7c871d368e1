//go:build proof

package badafter

import (
	"io"
	"log"
	"time"
)

// again calls f often enough for the goroutine to overtake its spawner once, if
// it can.
func again(f func()) {
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		f()
	}
}

func nop() {}

var nops = []func(){nop, nop, nop, nop}

// slow is a log output that gives the goroutine time to finish.
type slow struct{}

func (slow) Write(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return len(p), nil
}

// claim: panic sync: negative WaitGroup counter
func driveAddAfterGo() { again(func() { AddAfterGo(nops) }) }

// claim: panic sync: negative WaitGroup counter
func driveAddAfterLoop() { again(func() { AddAfterLoop(nops) }) }

// claim: panic sync: negative WaitGroup counter
func driveAddAfterLog() { again(func() { AddAfterLog(log.New(slow{}, "", 0), nop) }) }

// claim: panic sync: negative WaitGroup counter
func driveAddAfterSecondGo() {
	again(func() { AddAfterSecondGo(nop, nop, func() { time.Sleep(time.Millisecond) }) })
}

// claim: panic sync: negative WaitGroup counter
func driveAddAfterTask() {
	ok := func() error { return nil }
	again(func() { AddAfterTask([]func() error{ok, ok, ok, ok}) })
}

// claim: panic sync: negative WaitGroup counter
func driveAddAfterWrapper() {
	logger := log.New(panicking{}, "", 0)
	again(func() { AddAfterWrapper(logger, nop) })
}

// panicking turns the recovered panic that it is asked to print into a panic again.
type panicking struct{ io.Writer }

func (panicking) Write(p []byte) (int, error) { panic(string(p)) }

// claim: panic sync: negative WaitGroup counter
func driveAddAfterNamed() {
	closed := make(chan int)
	close(closed)
	again(func() { AddAfterNamed([]<-chan int{closed, closed, closed}, func(int) {}) })
}

// claim: panic sync: negative WaitGroup counter
func driveStart() {
	again(func() {
		p := &poller{
			poll: func() bool { return false },
			log:  func(string) { time.Sleep(time.Millisecond) },
		}
		p.Start()
		p.Stop()
	})
}

// claim: panic sync: negative WaitGroup counter
func driveAddAfterVariable() { again(func() { AddAfterVariable(4, nop) }) }

// claim: panic sync: negative WaitGroup counter
func driveSession() {
	again(func() { Session(func() int { return 1 }, func(int) {}) })
}
