//go:build proof

package badspin

import (
	"context"
	"time"
)

// later is long after a drive has been looked at.
const later = 3 * time.Second

// claim: spin Await
func driveAwait() {
	ctx, cancel := context.WithTimeout(context.Background(), later)
	defer cancel()
	Await(ctx)
}

// claim: spin First
func driveFirst() {
	a := make(chan int)
	time.AfterFunc(later, func() { a <- 1 })
	First(a, make(chan int))
}

// claim: spin Forward
func driveForward() {
	stop := make(chan struct{})
	time.AfterFunc(later, func() { close(stop) })
	Forward(make(chan int), make(chan int), stop)
}

// claim: spin Offer
func driveOffer() { Offer(make(chan int), 1) }

// claim: spin Block
func driveBlock() { Block() }
