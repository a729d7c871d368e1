//go:build proof

package badlocks

// claim: deadlock
func driveInsert() {
	t := &Table{rows: make(map[string]int)}
	t.Insert("a", 1)
	t.Insert("a", 1)
}

// claim: deadlock
func driveSum() {
	t := &Table{rows: make(map[string]int)}
	t.Sum(true)
	t.Clear()
}
