//go:build proof

package baddrain

import (
	"context"
	"errors"
)

var errNo = errors.New("no")

func no() error { return errNo }

// claim: leak Query
func driveQuery() {
	go Query([]string{"a", "b"}, func(string) (int, error) { return 1, nil })
}

// claim: leak FirstError
func driveFirstError() { go FirstError([]func() error{no, no}) }

// claim: leak Pool
func drivePool() { go Pool([]string{"a", "b"}, 2, func(string) {}) }

// claim: leak Collected
func driveCollected() { go Collected([][]int{{1}, {2}}, func(n int) int { return n }) }

// claim: leak Sample
func driveSample() {
	f := func() float64 { return 1 }
	go Sample([3]func() float64{f, f, f})
}

// claim: leak Stop
func driveStop() {
	go Stop(context.Background(), []func(context.Context){func(context.Context) {}}, func() {})
}

// claim: leak Errors
func driveErrors() { go Errors([]string{"a", "b"}, func(string) error { return nil }, no) }
