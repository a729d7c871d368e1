//go:build proof

package badturning

// claim: deadlock Loop.Close
func driveLoop() { NewLoop(func() {}).Close() }

// The runtime takes the goroutine for alive, as the loop beside it knows the channel. So this
// looks whether it still stands there in the end.
//
// claim: deadlock Fetch
func driveFetch() {
	Fetch(func() int { return 1 }, func() bool { return true })
	select {}
}
