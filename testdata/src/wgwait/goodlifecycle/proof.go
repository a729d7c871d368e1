//go:build proof

package goodlifecycle

import (
	"errors"
	"time"
)

func nothing() {}

// claim: none
func driveFlusher() { WithFlusher(nothing, func() error { return nil }) }

// claim: none
func driveConsumer() {
	ConsumeAll([]string{"a", "b"}, func(string) error { return errors.New("no") })
}

// claim: none
func driveMonitor() { Monitored(nothing, nothing, nothing) }

// claim: none
func driveRegistrar() { RegisterAll([]string{"a", ""}, func(string) {}) }

// claim: none
func drivePoll() { Poll(time.Millisecond, nothing) }
