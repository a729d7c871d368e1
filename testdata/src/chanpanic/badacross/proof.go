//go:build proof

package badacross

// claim: panic close of closed channel
func driveLast() { last(1) }

// claim: panic send on closed channel
func driveLate() { late(1) }
