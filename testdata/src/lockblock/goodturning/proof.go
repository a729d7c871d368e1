//go:build proof

package goodturning

// claim: none
func driveKeeper() { NewKeeper().Close() }

// claim: none
func driveWaiter() { NewWaiter().Close() }
