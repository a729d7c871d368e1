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
