//go:build proof

package fixbreak

import "context"

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// claim: spin Last
func driveLast() { Last(cancelled(), make(chan int)) }

// claim: spin Empty
func driveEmpty() { Empty(cancelled(), make(chan int)) }

// claim: spin Follows
func driveFollows() { Follows(cancelled(), make(chan int)) }

// claim: spin Labelled
func driveLabelled() { Labelled(cancelled(), make(chan int)) }

// claim: spin Taken
func driveTaken() { Taken(cancelled(), make(chan int)) }

// claim: spin Only
func driveOnly() {
	in := make(chan int)
	close(in)
	Only(context.Background(), in)
}
