//go:build proof

package goodorder

// claim: none
func driveAll() {
	nop := func(int) {}
	keys := []string{"a", "b", "c"}
	for range 1000 {
		Exchange(1)
		Rebalance(keys)
		Watch(keys)
		Philosophers(nop, nop)
		Start([]int{1, 2, 3})
		Sync(keys)
		Shuffle()
		Phases()
		Polite()
		Readers(nil)
	}
}
