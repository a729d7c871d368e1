//go:build proof

package goodkept

// claim: none
func driveAll() {
	Claim()
	Claim()
	t := NewTable()
	t.Row("one", func() int { return 1 })
	t.Row("one", func() int { return 1 })
	Change([]func(int) int{func(n int) int { return n + 1 }, func(n int) int { return n + 1 }})
	Scope()()
	Locked(func(lock, unlock func()) { lock(); unlock() })
}
