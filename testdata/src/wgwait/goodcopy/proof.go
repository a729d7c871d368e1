//go:build proof

package goodcopy

// claim: none
func driveCrawl() { Crawl([]string{"/"}, func(string) error { return nil }) }

// claim: none
func driveTrack() { Track([]func(){func() {}}) }

// claim: none
func driveStages() { Stages([2]string{"a", "b"}, func(string) {}) }

// claim: none
func driveShadowed() { Shadowed([]func(){func() {}, func() {}}) }
