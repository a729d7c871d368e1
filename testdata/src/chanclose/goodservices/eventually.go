package goodservices

import "time"

// eventually asks again only if the answer was no.
func eventually(ask func() bool, wait, tick time.Duration) bool {
	answer := make(chan bool, 1)
	check := func() { answer <- ask() }
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var ticks <-chan time.Time
	go check()
	for {
		select {
		case <-timer.C:
			return false
		case <-ticks:
			ticks = nil
			go check()
		case yes := <-answer:
			if yes {
				return true
			}
			ticks = ticker.C
		}
	}
}

// Slow is good: the function that closes says yes when it has done so, and is not
// called again.
func Slow() bool {
	proceed, done := make(chan struct{}), make(chan struct{})
	yes := eventually(func() bool {
		<-proceed
		close(done)
		return true
	}, time.Millisecond, time.Microsecond)
	close(proceed)
	<-done
	return yes
}
