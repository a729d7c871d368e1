//go:build proof

package goodstuck

var errNo = ErrInvalid

func no() error { return errNo }

// claim: none
func driveProcess() {
	Process([]int{1, 2}, func(int) (int, error) { return 0, errNo })
}

// claim: none
func driveFeed() { Feed([]string{"a", "b"}, func(string) error { return errNo }) }

// claim: none
func driveStart() { Start(nil, 2, func(string) {}) }

// claim: none
func driveTokens() { Tokens([]func() error{no, no}) }

// claim: none
func driveCloser() { Closer([]int{1, 2, 3}, func(int) bool { return false }) }

// claim: none
func driveCrossed() {
	id := func(n int) int { return n }
	Crossed(id, id)
}

// claim: none
func driveGather() {
	s := func() string { return "s" }
	Gather(s, s)
}
