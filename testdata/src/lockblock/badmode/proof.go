//go:build proof

package badmode

func directory() *Directory { return &Directory{addrs: make(map[string]string)} }

// claim: panic Unlock of unlocked RWMutex
func driveLookup() { directory().Lookup("a") }

// claim: panic RUnlock of unlocked RWMutex
func driveAdd() { directory().Add("a", "b") }

// claim: deadlock Directory.Generation
func driveGeneration() { directory().Generation() }

// claim: deadlock Directory.Generation
func driveNames() {
	d := directory()
	d.Names()
	d.Generation()
}

// claim: panic Unlock of unlocked RWMutex
func driveRemove() { directory().Remove("a") }
