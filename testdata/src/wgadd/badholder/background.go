package badholder

import "sync"

// background counts the tasks that Background started.
var background sync.WaitGroup

// Background is bad: it returns before the task is counted, and Drain may come next.
func Background(task func()) {
	go func() {
		background.Add(1) // want "background\\.Add"
		defer background.Done()
		task()
	}()
}

// A Server drains what it put into the background.
type Server struct {
	Audit func(string)
}

// Handle answers at once and audits later.
func (s *Server) Handle(name string) {
	Background(func() { s.Audit(name) })
}
