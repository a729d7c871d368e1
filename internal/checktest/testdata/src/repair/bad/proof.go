//go:build proof

package bad

// claim: leak bad
func driveFixed() { Fixed() }

// claim: leak worse
func driveNotFixed() { NotFixed() }

func indirectly() { helper() }

// claim: leak bad
func driveHelper() { indirectly() }
