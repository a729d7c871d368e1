//go:build proof

package goodlocked

// claim: none
func driveHasPrefix() { NewIndex("aa", "ab", "ac").HasPrefix("a") }

// claim: none
func driveSay() { Say(2, []string{"hi"}) }

// claim: none
func driveRebuild() { new(Tree).Rebuild(func() []string { return nil }) }
