//go:build proof

package badloop

import (
	"context"
	"errors"
)

// claim: deadlock Fetch
func driveFetch() {
	have := map[string]bool{"a": true, "b": true}
	Fetch([]string{"a", "b", "c"}, have, func(string) {})
}

// claim: deadlock Visit
func driveVisit() {
	read := func(string) ([]byte, error) { return nil, errors.New("failed") }
	Visit(context.Background(), []string{"a", "b", "c"}, read, func([]byte) {})
}

// claim: deadlock Poll
func drivePoll() {
	in := make(chan int, 4)
	for i := range 4 {
		in <- i
	}
	Poll(in, func(int) bool { return false })
}

// claim: deadlock Drain
func driveDrain() {
	fails := func() error { return errors.New("failed") }
	Drain([]func() error{fails, fails}, func(error) {})
}

// claim: deadlock Limiter.Repeat
func driveRepeat() {
	l := NewLimiter(1)
	l.Repeat(1, func(int) (bool, error) { return true, nil })
	l.Repeat(1, func(int) (bool, error) { return true, nil })
}

// claim: deadlock Limiter.Repeat
func driveRepeatError() {
	l := NewLimiter(1)
	l.Repeat(1, func(int) (bool, error) { return false, errors.New("failed") })
	l.Repeat(1, func(int) (bool, error) { return false, errors.New("failed") })
}

// claim: deadlock Check
func driveCheck() {
	n := NewNode()
	n.ok = false
	Check([]*Node{n, n})
}
