package badbreak

import "time"

// A Monitor has a new channel each time it runs, and its loop with it.
type Monitor struct {
	done  chan struct{}
	polls int
}

func (m *Monitor) Run() {
	m.done = make(chan struct{})
	go m.loop()
}

func (m *Monitor) loop() {
	for {
		select {
		case <-time.After(time.Hour):
			m.polls++
		case <-m.done:
			break // want "break leaves the select, not the for loop: after m.done is closed the loop spins forever"
		}
	}
}

func (m *Monitor) Stop() { close(m.done) }
