//go:build proof

package goodrecursion

var bike = &Part{"bike", []*Part{{"frame", nil}, {"wheel", []*Part{{"rim", nil}, {"tyre", nil}}}}}

// claim: none
func driveCount() { Count(bike) }

// claim: none
func driveListed() { Listed(bike) }

// claim: none
func driveEven() { Even(bike) }
