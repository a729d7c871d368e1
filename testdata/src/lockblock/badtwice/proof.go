//go:build proof

package badtwice

// claim: panic unlock of unlocked mutex
func driveAppend() { new(Series).Append(-1) }

// claim: panic Unlock of unlocked RWMutex
func driveInsert() { new(Table).Insert(1) }

// claim: panic Unlock of unlocked RWMutex
func driveEach() { (&Table{rows: []int{-1}}).Each(nil) }

// claim: panic Unlock of unlocked RWMutex
func driveDrop() { new(Table).Drop(true) }
