//go:build proof

package badlocked

// claim: leak Index.scan
func driveHasPrefix() { NewIndex("aa", "ab", "ac").HasPrefix("a") }

// claim: leak Say
func driveSay() { go Say(2, []string{"hi"}) }

// claim: leak Tree.Rebuild
func driveRebuild() { go new(Tree).Rebuild(func() []string { return nil }) }
