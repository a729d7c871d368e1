package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

/*
ERRGROUP PATTERN

Like WaitGroup but:
- Returns first error
- Cancels other goroutines on error
- Uses context for cancellation
*/

func main() {
	fmt.Println("╔══════════════════════════════════════════════════════════╗")
	fmt.Println("║           errgroup Pattern                                ║")
	fmt.Println("╚══════════════════════════════════════════════════════════╝")

	ctx := context.Background()
	g, ctx := errgroup.WithContext(ctx)

	// Task 1: Success
	g.Go(func() error {
		fmt.Println("   Task 1: Starting...")
		time.Sleep(100 * time.Millisecond)
		fmt.Println("   Task 1: Done")
		return nil
	})

	// Task 2: Fails
	g.Go(func() error {
		fmt.Println("   Task 2: Starting...")
		time.Sleep(50 * time.Millisecond)
		fmt.Println("   Task 2: Error!")
		return errors.New("task 2 failed")
	})

	// Task 3: Checks context
	g.Go(func() error {
		fmt.Println("   Task 3: Starting...")
		select {
		case <-ctx.Done():
			fmt.Println("   Task 3: Cancelled!")
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
			fmt.Println("   Task 3: Done")
			return nil
		}
	})

	// Wait for all and get first error
	if err := g.Wait(); err != nil {
		fmt.Printf("\n   Error: %v\n", err)
	}
}

/*
Install: go get golang.org/x/sync/errgroup
*/
