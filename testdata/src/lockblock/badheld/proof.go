//go:build proof

package badheld

import "context"

// many is enough runs for the goroutines to meet.
const many = 3_000_000

// claim: deadlock Broker.Emit
func driveBroadcast() {
	for range many {
		Broadcast([]string{"a", "b", "c"})
	}
}

// claim: deadlock Crawler.Crawl
func driveCrawl() { (&Crawler{pages: make(map[string]int)}).Crawl([]string{"a"}) }

// claim: deadlock Server.Stop
func driveRun() { Run(1) }

// claim: deadlock Job.Result
func driveCompute() {
	for range many {
		Compute(func() int { return 1 })
	}
}

// claim: deadlock Table.Load
func driveLoad() {
	t := &Table{rows: make(map[int]string)}
	t.Load(context.Background(), []int{1}, func(context.Context, int) (string, error) { return "", nil })
}

// claim: deadlock Mailbox.Put
func driveDeliver() {
	for range many {
		Deliver("a", "b")
	}
}

// claim: deadlock Cache.Refresh
func driveWarm() { Warm([]string{"a"}) }

// claim: deadlock Fanout
func driveFanout() {
	values := make([]int, 100)
	for range many {
		Fanout(values)
	}
}

// claim: deadlock Pool.work
func driveSquares() {
	for range many {
		Squares([]int{1, 2, 3})
	}
}

// claim: deadlock Abandon
func driveAbandon() { Abandon([]int{1, 2}) }

// claim: deadlock Window
func driveWindow() {
	task := func() int { return 1 }
	for range many {
		Window([]func() int{task, task, task})
	}
}
