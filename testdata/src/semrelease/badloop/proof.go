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

// claim: deadlock Check
func driveCheck() {
	n := NewNode()
	n.ok = false
	Check([]*Node{n, n})
}
