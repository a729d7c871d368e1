//go:build proof

package badservices

var ids = []int{1, 2, 3}

// claim: deadlock
func driveCloseBehindWait() { CloseBehindWait(2, ids, func(int) {}) }

// claim: deadlock
func driveSum() { Sum(ids, func(id int) int { return id }) }

// claim: deadlock
func driveAll() { new(reader).All(3) }

// claim: deadlock
func driveCheck() { Check(ids, func(int) error { return nil }) }
