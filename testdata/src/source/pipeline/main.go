package main

import "fmt"

/*
PIPELINE PATTERN

Each stage:
1. Receives from upstream via inbound channel
2. Performs some operation
3. Sends to downstream via outbound channel

┌───────┐   ┌──────────┐   ┌──────────┐   ┌───────┐
│ Source│──►│ Stage 1  │──►│ Stage 2  │──►│ Sink  │
│       │   │ (filter) │   │(transform)│  │       │
└───────┘   └──────────┘   └──────────┘   └───────┘
*/

// Generate numbers
func generate(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}

// Filter even numbers
func filterEven(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			if n%2 == 0 {
				out <- n
			}
		}
		close(out)
	}()
	return out
}

// Double values
func double(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			out <- n * 2
		}
		close(out)
	}()
	return out
}

// Add prefix
func format(in <-chan int) <-chan string {
	out := make(chan string)
	go func() {
		for n := range in {
			out <- fmt.Sprintf("Value: %d", n)
		}
		close(out)
	}()
	return out
}

func main() {
	fmt.Println("╔══════════════════════════════════════════════════════════╗")
	fmt.Println("║           Pipeline Pattern                                ║")
	fmt.Println("╚══════════════════════════════════════════════════════════╝")

	// Build pipeline: generate → filter even → double → format
	nums := generate(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	evens := filterEven(nums)
	doubled := double(evens)
	formatted := format(doubled)

	// Consume
	fmt.Println("\n📊 Pipeline Output:")
	for s := range formatted {
		fmt.Printf("   %s\n", s)
	}
}
