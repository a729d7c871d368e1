//go:build proof

package badacross

import "across/pool"

// claim: deadlock twice
func driveTwice() { twice(pool.New()) }

// claim: deadlock count
func driveCount() { count([]string{"a"}) }

// claim: deadlock across/pool.Table
func driveFill() {
	t := pool.New()
	fill(t, nil)
	t.Len()
}
