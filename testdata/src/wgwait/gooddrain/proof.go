//go:build proof

package gooddrain

import (
	"context"
	"errors"
)

var errNo = errors.New("no")

func no() error { return errNo }

// claim: none
func driveQuery() {
	Query([]string{"a", "b"}, func(string) (int, error) { return 1, nil })
}

// claim: none
func driveFirstError() { FirstError([]func() error{no, no}) }

// claim: none
func drivePool() { Pool([]string{"a", "b"}, 2, func(string) {}) }

// claim: none
func driveCollected() { Collected([][]int{{1}, {2}}, func(n int) int { return n }) }

// claim: none
func driveSample() {
	f := func() float64 { return 1 }
	Sample([3]func() float64{f, f, f})
}

// claim: none
func driveStop() {
	Stop(context.Background(), []func(context.Context){func(context.Context) {}}, func() {})
}

// claim: none
func driveErrors() { Errors([]string{"a", "b"}, func(string) error { return nil }, no) }

// claim: none
func driveCounted() { Counted([]string{"a", "b"}, func(string) int { return 1 }) }
