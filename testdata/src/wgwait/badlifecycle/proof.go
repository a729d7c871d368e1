//go:build proof

package badlifecycle

import "errors"

func nothing() {}

// claim: leak Flusher.close
func driveFlusher() { go WithFlusher(nothing, func() error { return nil }) }

// claim: leak Consumer.close
func driveConsumer() {
	go ConsumeAll([]string{"a", "b"}, func(string) error { return errors.New("no") })
}

// claim: leak Monitor.close
func driveMonitor() { go Monitored(nothing, nothing, nothing) }

// claim: leak RegisterAll
func driveRegistrar() { go RegisterAll([]string{"a", ""}, func(string) {}) }
