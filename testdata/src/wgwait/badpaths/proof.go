//go:build proof

package badpaths

import (
	"context"
	"errors"
)

var errNo = errors.New("no")

func no(string) error { return errNo }

// claim: leak Fetch
func driveFetch() {
	go Fetch(context.Background(), []string{"/a", "/b"}, func(context.Context, string) ([]byte, error) { return nil, errNo })
}

// claim: leak Checker.All
func driveAll() {
	c := &Checker{no, no}
	go c.All([]string{"a", "b"})
}

// claim: leak Kinds
func driveKinds() { go Kinds([]string{"small", "medium", "large"}, func() {}, func() {}) }

// claim: leak Recovering
func driveRecovering() { go Recovering([]int{1, -1}, func(int) {}) }

// claim: leak Exiting
func driveExiting() {
	f := func() bool { return false }
	go Exiting([2]func() bool{f, f})
}

// claim: leak Rules
func driveRules() {
	go Rules(map[string]func() error{"a": func() error { return nil }}, func(string) bool { return true })
}

// claim: leak PostAll
func drivePostAll() { go PostAll([]string{"m"}, func() bool { return true }, func(string) {}) }

// claim: leak Cancelled
func driveCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	go Cancelled(ctx, []func(){func() {}})
}
