//go:build proof

package goodpaths

import (
	"context"
	"errors"
)

var errNo = errors.New("no")

func no(string) error { return errNo }

// claim: none
func driveFetch() {
	Fetch(context.Background(), []string{"/a", "/b"}, func(context.Context, string) ([]byte, error) { return nil, errNo })
}

// claim: none
func driveAll() {
	c := &Checker{no, no}
	c.All([]string{"a", "b"})
}

// claim: none
func driveKinds() { Kinds([]string{"small", "medium", "large"}, func() {}, func() {}) }

// claim: none
func driveRecovering() { Recovering([]int{1, -1}, func(int) {}) }

// claim: none
func driveExiting() {
	f := func() bool { return false }
	Exiting([2]func() bool{f, f})
}

// claim: none
func driveRules() {
	Rules(map[string]func() error{"a": func() error { return nil }}, func(string) bool { return true })
}

// claim: none
func drivePostAll() { PostAll([]string{"m"}, func() bool { return true }, func(string) {}) }

// claim: none
func driveCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	Cancelled(ctx, []func(){func() {}})
}

// claim: none
func drivePlain() { Plain([]func(){func() {}}) }

// claim: none
func driveGuarded() { Guarded([]func(){func() { panic("boom") }}) }
