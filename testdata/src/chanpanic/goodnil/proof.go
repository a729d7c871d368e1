//go:build proof

package goodnil

import "net"

// claim: none
func driveAll() {
	get := func(string) error { return nil }
	parts := []string{"a", "b"}
	Serve("", nil)
	Serve("127.0.0.1:0", func(l net.Listener) { l.Close() })
	Download(parts, get, false)
	Download(parts, get, true)
	DownloadFlag(parts, get, false)
	DownloadFlag(parts, get, true)
	Greet("hello")
	RunJob("a", func(string) {})
	RunJob("", func(string) {})
	OpenGate()
	Drain(2)
	Measure(nil)
	Measure([]func(){func() {}})
	(&Session{Done: make(chan struct{})}).Close()
}

// claim: none
func driveMerge() {
	in := make(chan int, 2)
	in <- 1
	Merge(in, 1)
	a, b := make(chan int), make(chan int)
	close(a)
	close(b)
	Follow(a, b)
}
