//go:build proof

package badacross

// claim: deadlock each
func driveEach() { each([]string{"a", ""}) }

// claim: deadlock collect
func driveCollect() { collect(nil) }

// claim: deadlock viaSpawn
func driveViaSpawn() { viaSpawn(func() {}) }
