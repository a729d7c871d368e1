//go:build proof

package goodfirst

import (
	"context"
	"errors"
	"time"
)

var errDown = errors.New("down")

// claim: none
func driveFastest() {
	Fastest([]string{"a", "b", "c"}, func(string) ([]byte, error) { return nil, nil })
}

// claim: none
func driveHedged() {
	Hedged(context.Background(), func(context.Context) Answer {
		time.Sleep(20 * time.Millisecond)
		return Answer{}
	})
}

// claim: none
func driveFirstError() {
	fail := func() error { return errDown }
	FirstError([]func() error{fail, fail, fail, fail})
}

// claim: none
func driveErrors() {
	Errors([]Shard{{"s", []string{"a", "b", "c", "d"}}}, func(string) error { return errDown })
}

// claim: none
func driveQuorum() { Quorum([3]string{"a", "b", "c"}, func(string) bool { return true }) }

// claim: none
func driveRace() {
	b := func() []byte { return nil }
	Race(b, b, b)
}

// claim: none
func driveAnyHealthy() {
	NewBalancer(func(string) error { return nil }, "a", "b").AnyHealthy()
}

// claim: none
func driveSampled() { Sampled(func(i int) float64 { return float64(i) }) }

// claim: none
func driveServe() {
	f := func() error { return errDown }
	Serve(f, f, f)
}

// claim: none
func driveClosest() {
	Closest(context.Background(), "a", []string{"b", "c"}, func(context.Context, string) Answer { return Answer{} })
}

// claim: none
func driveDrained() {
	Drained([]string{"a", "b", "c"}, func(string) Answer { return Answer{} })
}
