//go:build proof

package badturning

import "time"

// claim: deadlock Keeper.Close
func driveKeeper() {
	k := NewKeeper()
	time.Sleep(5 * time.Millisecond)
	k.Close()
}
