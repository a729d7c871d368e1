//go:build proof

package fixshared

var urls = []string{"a", "b", "c"}

// claim: race
func driveLoop() { Loop(urls, func(string) error { return nil }) }

// claim: race
func driveTwo() {
	one := func() (int, error) { return 1, nil }
	Two(one, one)
}

// claim: race
func driveRead() { Read(urls, func(string) error { return nil }) }
