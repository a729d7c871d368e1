// Package badsignals ranges over a channel of signals, with an owner that
// comes to an end.
package badsignals

import (
	"os"
	"os/signal"
	"syscall"
)

// StopDoesNotClose is bad: signal.Stop ends the deliveries but does not close
// c; every call leaves a goroutine in the range.
func StopDoesNotClose(work func() error, dump func()) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	go func() {
		for range c { // want "c is never closed"
			dump()
		}
	}()
	return work()
}
