package main

import (
	"fmt"
	"sync"
	"time"
)

/*
SEMAPHORE PATTERN

Limit concurrent operations using a buffered channel.

Buffered channel of size N = max N concurrent operations
*/

type Semaphore chan struct{}

func NewSemaphore(max int) Semaphore {
	return make(Semaphore, max)
}

func (s Semaphore) Acquire() {
	s <- struct{}{}
}

func (s Semaphore) Release() {
	<-s
}

func main() {
	fmt.Println("╔══════════════════════════════════════════════════════════╗")
	fmt.Println("║           Semaphore Pattern                               ║")
	fmt.Println("╚══════════════════════════════════════════════════════════╝")

	// Limit to 3 concurrent operations
	sem := NewSemaphore(3)
	var wg sync.WaitGroup

	fmt.Println("\n📊 Processing (max 3 concurrent):")

	for i := 1; i <= 10; i++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()

			sem.Acquire()
			defer sem.Release()

			fmt.Printf("   [%s] Task %d started\n",
				time.Now().Format("15:04:05.000"), id)
			time.Sleep(200 * time.Millisecond)
			fmt.Printf("   [%s] Task %d done\n",
				time.Now().Format("15:04:05.000"), id)
		}(i)
	}

	wg.Wait()
	fmt.Println("   All tasks completed!")
}
