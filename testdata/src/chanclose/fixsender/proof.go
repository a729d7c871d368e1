//go:build proof

package fixsender

import "context"

var lines = []string{"a", "b", "c"}

// claim: deadlock
func driveLiteral() { Literal(lines) }

// claim: deadlock
func driveOneLine() { OneLine("a") }

// claim: deadlock
func driveParameter() { Parameter(lines) }

// claim: deadlock
func driveCounted() { Counted(lines) }

// claim: deadlock
func driveWaitGroupGo() { WaitGroupGo(lines) }

// claim: deadlock
func driveTask() { Task(context.Background(), lines) }

// claim: deadlock
func driveStage() { Stage([]int{1, 2}) }

// claim: deadlock
func driveHelper() { Helper(lines) }

// claim: deadlock
func driveHidden() { Hidden(lines, func(string) {}) }

// claim: deadlock
func driveReused() { Reused(lines) }

// claim: deadlock
func driveNamed() { Named(lines) }

// claim: deadlock
func driveEcho() { Echo(lines) }

// claim: deadlock
func driveComment() { Comment("a") }
