//go:build proof

package badnil

// claim: panic close of nil channel
func driveServe() { Serve("", nil) }

// claim: panic close of nil channel
func driveDownload() { Download(nil, nil, false) }

// claim: panic close of nil channel
func driveGreet() { Greet("hello") }

// claim: panic close of nil channel
func driveMerge() {
	in := make(chan int, 2)
	in <- 1
	Merge(in, 1)
}

// claim: panic close of nil channel
func driveRunJob() { RunJob("a", func(string) {}) }

// claim: panic close of nil channel
func driveOpenGate() { OpenGate() }

// claim: panic close of nil channel
func driveDrain() { Drain(2) }

// claim: panic close of nil channel
func driveMeasure() { Measure(nil) }
