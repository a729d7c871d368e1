//go:build proof

package badrecursion

// claim: deadlock Print
func drivePrint() { Print(&Part{"bike", &Part{"wheel", nil}}, func(string) {}) }

// claim: deadlock Count
func driveCount() { Count(&Part{"bike", nil}) }
