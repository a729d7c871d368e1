//go:build proof

package badstuck

var errNo = ErrInvalid

func no() error { return errNo }

// claim: leak Process
func driveProcess() {
	go Process([]int{1, 2}, func(int) (int, error) { return 0, errNo })
}

// claim: leak Feed
func driveFeed() { go Feed([]string{"a", "b"}, func(string) error { return errNo }) }

// claim: leak Start
func driveStart() { go Start(nil, 2, func(string) {}) }

// claim: leak Tokens
func driveTokens() { go Tokens([]func() error{no, no}) }

// claim: leak Closer
func driveCloser() { Closer([]int{1, 2, 3}, func(int) bool { return false }) }

// claim: leak Crossed
func driveCrossed() {
	id := func(n int) int { return n }
	go Crossed(id, id)
}

// claim: leak Gather
func driveGather() {
	s := func() string { return "s" }
	go Gather(s, s)
}
