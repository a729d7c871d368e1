//go:build proof

package badsignals

// claim: leak StopDoesNotClose
func driveStopDoesNotClose() { StopDoesNotClose(func() error { return nil }, func() {}) }
