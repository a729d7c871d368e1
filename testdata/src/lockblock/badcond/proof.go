//go:build proof

package badcond

import "time"

// many is enough runs for the goroutines to meet.
const many = 1_000_000

func pause() { time.Sleep(10 * time.Millisecond) }

// claim: deadlock Queue.Pop
func driveConsume() {
	for range many {
		Consume(3)
	}
}

// claim: deadlock Gate.Wait
func drivePass() { Pass(pause) }

// claim: deadlock Once
func driveOnce() {
	for range many {
		Once(func() {})
	}
}

// claim: deadlock Barrier.Await
func driveMeet() {
	for range many {
		Meet(func(int) {})
	}
}

// claim: deadlock Buffer.Put
func driveMove() {
	for range many {
		Move(1, 2)
	}
}

// claim: deadlock Pool.Acquire
func driveUse() { Use(pause) }
