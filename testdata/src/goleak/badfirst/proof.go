//go:build proof

package badfirst

import (
	"context"
	"errors"
	"time"
)

var errDown = errors.New("down")

// claim: leak Fastest
func driveFastest() {
	Fastest([]string{"a", "b", "c"}, func(string) ([]byte, error) { return nil, nil })
}

// claim: leak Hedged
func driveHedged() {
	Hedged(context.Background(), func(context.Context) Answer {
		time.Sleep(20 * time.Millisecond)
		return Answer{}
	})
}

// claim: leak FirstError
func driveFirstError() {
	fail := func() error { return errDown }
	FirstError([]func() error{fail, fail, fail, fail})
}

// claim: leak Errors
func driveErrors() {
	Errors([]Shard{{"s", []string{"a", "b", "c", "d"}}}, func(string) error { return errDown })
}

// claim: leak Quorum
func driveQuorum() { Quorum([3]string{"a", "b", "c"}, func(string) bool { return true }) }

// claim: leak Race
func driveRace() {
	b := func() []byte { return nil }
	Race(b, b, b)
}

// claim: leak Balancer.AnyHealthy
func driveAnyHealthy() {
	NewBalancer(func(string) error { return nil }, "a", "b").AnyHealthy()
}

// claim: leak Sampled
func driveSampled() { Sampled(func(i int) float64 { return float64(i) }) }

// claim: leak Serve
func driveServe() {
	f := func() error { return errDown }
	Serve(f, f, f)
}
