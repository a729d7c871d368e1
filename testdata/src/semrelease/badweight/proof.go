//go:build proof

package badweight

import "context"

func nop() {}

// claim: deadlock Budget.Large
func driveLarge() {
	b := NewBudget()
	for range 4 {
		b.Large(context.Background(), nop)
	}
}

// claim: panic released more than held
func driveSmall() { NewBudget().Small(context.Background(), nop) }

// claim: deadlock Budget.Huge
func driveHuge() { NewBudget().Huge(context.Background(), nop) }

// claim: deadlock None
func driveNone() { None(nop) }
