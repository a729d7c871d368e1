// Package badtimer counts what timers start when it has been started. There is no go
// statement in it.
package badtimer

import (
	"sync"
	"time"
)

type flusher struct {
	wg    sync.WaitGroup
	flush func()
}

func (f *flusher) later(d time.Duration) {
	time.AfterFunc(d, func() {
		f.wg.Add(1) // want "f.wg.Add runs in the function of the timer set at line 16: f.wg.Wait at line"
		defer f.wg.Done()
		f.flush()
	})
}

// FlushTwice is bad: Wait finds the counter at zero, since no timer has fired yet.
func FlushTwice(flush func()) {
	f := &flusher{flush: flush}
	f.later(time.Millisecond)
	f.later(10 * time.Millisecond)
	f.wg.Wait()
}
