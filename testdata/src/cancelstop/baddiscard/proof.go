//go:build proof

package baddiscard

import (
	"context"
	"time"
)

// claim: leak work
func driveLimit() { go Limit(context.Background(), time.Millisecond, make(chan int)) }

// claim: leak work
func driveStart() { Start(context.Background(), make(chan int))() }

// claim: leak work
func driveFirst() {
	failed := make(chan int)
	close(failed)
	First(context.Background(), failed, make(chan int))
}

// claim: leak work
func driveScoped() { Scoped(context.Background(), make(chan int)) }

// claim: leak work
func drivePooled() { Pooled(make(chan int)) }

// claim: leak work
func driveBudget() { go Budget(context.Background(), time.Millisecond, make(chan int)) }

// claim: leak work
func driveHalf() { go Half(context.Background(), time.Millisecond, make(chan int)) }

// claim: leak work
func driveWorker() {
	w := &worker{in: make(chan int)}
	w.begin(context.Background())
	w.end()
}

// claim: leak work
func driveLease() { take(context.Background(), time.Millisecond).drop() }

// claim: leak work
func driveBox() {
	b := &box[int]{in: make(chan int)}
	b.open(context.Background())
	b.shut()
}
