//go:build proof

package fixticker

import "time"

func work() { time.Sleep(5 * time.Millisecond) }

func nothing() {}

// claim: leak Progress
func driveProgress() { Progress(work, nothing) }

// claim: leak Stamps
func driveStamps() { Stamps(func(done func()) { work(); done() }, func(time.Time) {}) }

// claim: leak Beat
func driveBeat() { Beat(work, nothing) }

// claim: leak Stopper
func driveStopper() { Stopper(nothing)() }

// claim: leak Early
func driveEarly() { Early(func() bool { return false }, nothing) }

// claim: leak Monitor.Run
func driveMonitor() {
	m := new(Monitor)
	m.Run(nothing)
	work()
	m.Close()
}
