package main

import (
	"fmt"
	"sync"
	"time"
)

/*
FAN-OUT: One source → Multiple processors
FAN-IN:  Multiple sources → One destination

┌────────┐                                    ┌────────┐
│        │──► Worker 1 ──┐                    │        │
│ Source │──► Worker 2 ──┼──► Merged Output ─►│ Sink   │
│        │──► Worker 3 ──┘                    │        │
└────────┘                                    └────────┘
   Fan-Out                 Fan-In
*/

func source(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			time.Sleep(50 * time.Millisecond) // Simulate work
			out <- n * n
		}
		close(out)
	}()
	return out
}

func fanIn(channels ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup

	// Start goroutine for each input channel
	for _, ch := range channels {
		wg.Add(1)
		go func(c <-chan int) {
			defer wg.Done()
			for n := range c {
				out <- n
			}
		}(ch)
	}

	// Close output when all inputs are done
	go func() {
		wg.Wait()
		close(out)
	}()

	return out
}

func main() {
	fmt.Println("╔══════════════════════════════════════════════════════════╗")
	fmt.Println("║           Fan-Out / Fan-In Pattern                        ║")
	fmt.Println("╚══════════════════════════════════════════════════════════╝")

	// Source
	nums := source(1, 2, 3, 4, 5, 6, 7, 8)

	// Fan-out: distribute to multiple workers
	c1 := square(nums)
	c2 := square(nums)
	c3 := square(nums)

	// Fan-in: merge results
	merged := fanIn(c1, c2, c3)

	// Consume results
	fmt.Println("\n📊 Squared Results:")
	for n := range merged {
		fmt.Printf("   %d\n", n)
	}
}
