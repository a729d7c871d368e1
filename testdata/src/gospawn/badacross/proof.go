//go:build proof

package badacross

import "time"

// claim: flood All
func driveAll() {
	All(make([]string, 1500), func(string) string {
		time.Sleep(2 * time.Second)
		return ""
	})
}
