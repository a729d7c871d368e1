//go:build proof

package fixlimit

import "time"

// claim: deadlock AfterLoop
func driveAfterLoop() {
	AfterLoop([]string{"a", "b"}, func(string) error {
		time.Sleep(20 * time.Millisecond)
		return nil
	})
}
