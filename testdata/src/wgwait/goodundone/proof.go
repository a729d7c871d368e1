//go:build proof

package goodundone

// claim: none
func driveAll() {
	NewStore().Close()
	NewPair().Wait()
	NewTeam().Close()
	c := NewClient()
	c.Ask("a")
	c.Answered()
	c.Drain()
}
