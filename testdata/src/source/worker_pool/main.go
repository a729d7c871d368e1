package main

import (
	"fmt"
	"sync"
	"time"
)

/*
WORKER POOL PATTERN

┌─────────────────────────────────────────────────────────────────┐
│                                                                 │
│  ┌───────┐                                                      │
│  │ Job 1 │──┐                                                   │
│  ├───────┤  │    ┌──────────┐   ┌──────────┐                   │
│  │ Job 2 │──┼──► │ Worker 1 │──►│          │                   │
│  ├───────┤  │    ├──────────┤   │ Results  │                   │
│  │ Job 3 │──┼──► │ Worker 2 │──►│ Channel  │                   │
│  ├───────┤  │    ├──────────┤   │          │                   │
│  │ Job 4 │──┼──► │ Worker 3 │──►│          │                   │
│  └───────┘  │    └──────────┘   └──────────┘                   │
│  Jobs Chan  │    (Fixed # of workers)                          │
│                                                                 │
│  WHY?                                                           │
│  • Limit concurrency (don't spawn 10000 goroutines)             │
│  • Control resource usage (DB connections, API rate limits)     │
│  • Backpressure handling                                        │
│                                                                 │
└─────────────────────────────────────────────────────────────────┘
*/

type Job struct {
	ID   int
	Data string
}

type Result struct {
	JobID  int
	Output string
}

func worker(id int, jobs <-chan Job, results chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for job := range jobs {
		// Simulate work
		time.Sleep(100 * time.Millisecond)
		results <- Result{
			JobID:  job.ID,
			Output: fmt.Sprintf("Worker %d processed: %s", id, job.Data),
		}
	}
}

func main() {
	fmt.Println("╔══════════════════════════════════════════════════════════╗")
	fmt.Println("║           Worker Pool Pattern                             ║")
	fmt.Println("╚══════════════════════════════════════════════════════════╝")

	const numJobs = 10
	const numWorkers = 3

	jobs := make(chan Job, numJobs)
	results := make(chan Result, numJobs)

	// Start workers
	var wg sync.WaitGroup
	for w := 1; w <= numWorkers; w++ {
		wg.Add(1)
		go worker(w, jobs, results, &wg)
	}

	// Send jobs
	for j := 1; j <= numJobs; j++ {
		jobs <- Job{ID: j, Data: fmt.Sprintf("Job-%d", j)}
	}
	close(jobs)

	// Wait for workers and close results
	go func() {
		wg.Wait()
		close(results)
	}()

	// Collect results
	fmt.Println("\n📊 Results:")
	for result := range results {
		fmt.Printf("   %s\n", result.Output)
	}
}
