package goodcauses

import "sync"

// A Watch has its Done in a file for each system.
type Watch struct {
	armed sync.WaitGroup
}

// BuildTags waits until the watch is armed.
func BuildTags() {
	var w Watch
	w.armed.Add(1)
	go w.arm()
	w.armed.Wait()
}
