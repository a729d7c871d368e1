//go:build proof

package goodacross

// claim: none
func driveEach() { each([]string{"a", ""}) }

// claim: none
func driveCollect() { collect(nil) }

// claim: none
func driveViaSpawn() { viaSpawn(func() {}) }

// claim: none
func driveCalled() { called(func() {}) }
