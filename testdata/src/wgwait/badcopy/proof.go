//go:build proof

package badcopy

// claim: leak Crawl
func driveCrawl() { go Crawl([]string{"/"}, func(string) error { return nil }) }

// claim: leak Track
func driveTrack() { go Track([]func(){func() {}}) }

// claim: leak Stages
func driveStages() { go Stages([2]string{"a", "b"}, func(string) {}) }

// claim: leak Shadowed
func driveShadowed() { go Shadowed([]func(){func() {}, func() {}}) }
