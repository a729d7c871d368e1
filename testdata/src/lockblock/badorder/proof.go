//go:build proof

package badorder

import (
	"sync"
	"time"
)

// many is enough runs for the goroutines to meet.
const many = 3_000_000

// claim: deadlock Transfer
func driveExchange() {
	for range many {
		Exchange(1)
	}
}

// claim: deadlock Cluster.dropRoutes
func driveRebalance() {
	for range many {
		Rebalance(make([]string, 1000))
	}
}

// claim: deadlock Cache.Len
func driveWatch() {
	for range many {
		Watch(make([]string, 100))
	}
}

// claim: deadlock Philosophers
func drivePhilosophers() {
	think := func(int) { time.Sleep(10 * time.Millisecond) }
	for range many {
		Philosophers(think, func(int) {})
	}
}

// claim: deadlock Observer.notify
func driveStart() {
	for range many {
		Start(make([]int, 100))
	}
}

// claim: deadlock AddUser
func driveSync() {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range many {
				Sync([]string{"a", "b"})
			}
		})
	}
	wg.Wait()
}
