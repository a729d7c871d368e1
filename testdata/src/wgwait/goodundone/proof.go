//go:build proof

package goodundone

// claim: none
func driveAll() {
	NewStore().Close()
	NewPair().Wait()
	c := NewClient()
	c.Ask("a")
	c.Answered()
	c.Drain()
}
