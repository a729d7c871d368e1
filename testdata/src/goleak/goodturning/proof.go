//go:build proof

package goodturning

import "time"

// claim: none
func driveLoop() { NewLoop(func() {}).Close() }

func one() int { return 1 }

// claim: none
func driveFetch() { Fetch(one, func() bool { return true }); time.Sleep(5 * time.Millisecond) }

// claim: none
func driveSunk() { Sunk(one); time.Sleep(5 * time.Millisecond) }

// claim: none
func driveTaken() { Taken(one); time.Sleep(5 * time.Millisecond) }
