//go:build proof

package bad

// claim: leak Leak
func driveLeak() { Leak() }

// claim: leak Stage
func driveStage() { NewStage() }

// claim: leak Stage.run
func driveStageRun() { NewStage() }

// claim: deadlock
func driveDeadlock() { Deadlock() }

// claim: deadlock unmarked
func driveNamed() { unmarked() }

// claim: panic close of closed channel
func drivePanic() { Panic() }

// claim: spin Spin
func driveSpin() { Spin(nil) }

// claim: spin Spin
func driveSpinGoroutine() { go Spin(nil) }

// claim: race
func driveRace() { Race() }

// claim: flood Flood
func driveFlood() { Flood(1500) }

// claim: none
func driveFine() { Fine() }

// The claims of the following are false.

// claim: leak Fine
func driveFalseLeak() { Fine() }

// claim: leak Fine
func driveFalseLeakElsewhere() { Leak() }

// claim: leak Deadlock
func driveFalseLeakDeadlock() { Deadlock() }

// claim: deadlock
func driveFalseDeadlock() { Fine() }

// claim: deadlock
func driveFalseDeadlockElsewhere() { unmarked() }

// claim: deadlock
func driveFalseDeadlockPanic() { Panic() }

// claim: panic close of closed channel
func driveFalsePanic() { Fine() }

// claim: panic send on closed channel
func driveFalsePanicOther() { Panic() }

// claim: spin Wait
func driveFalseSpin() { Wait(make(chan struct{})) }

// claim: spin Fine
func driveFalseSpinReturned() { Fine() }

// claim: spin Wait
func driveFalseSpinElsewhere() { go Spin(nil); Wait(make(chan struct{})) }

// claim: flood Flood
func driveFalseFlood() { Flood(900) }

// claim: race
func driveFalseRace() { Fine() }

// claim: none
func driveFalseNoneLeak() { Leak() }

// claim: none
func driveFalseNoneDeadlock() { unmarked() }

// claim: none
func driveFalseNonePanic() { Panic() }
