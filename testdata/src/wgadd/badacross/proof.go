//go:build proof

package badacross

import "time"

// claim: panic sync: negative WaitGroup counter
func driveOne() {
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		one(func() {})
	}
}
