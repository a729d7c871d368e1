// Package gooddaemons has goroutines that live as long as the process: they are in a channel
// operation all the time, and that is no leak.
package gooddaemons

import (
	"fmt"
	"os"
	"time"
)

var (
	lines  = make(chan string, 128)
	uptime = startClock()
)

// Daemons live as long as the process: the one that init starts ranges over a channel that is not
// closed, the one of a package variable over the ticks of a ticker.
func init() {
	go func() {
		for l := range lines {
			fmt.Fprintln(os.Stderr, l)
		}
	}()
}

// Logf hands a line to the daemon.
func Logf(format string, args ...any) {
	select {
	case lines <- fmt.Sprintf(format, args...):
	default:
	}
}

func startClock() chan time.Duration {
	c := make(chan time.Duration)
	go func() {
		start := time.Now()
		for range time.Tick(time.Minute) {
			c <- time.Since(start)
		}
	}()
	return c
}

// Uptime returns the next value of the clock.
func Uptime() time.Duration { return <-uptime }
