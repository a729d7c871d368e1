//go:build proof

package goodstored

// claim: none
func driveFill() {
	Fill(new(Store), []int{1, 2})
	Fill2(new(Store), []int{1, 2})
}

// claim: none
func driveSum() { Sum(&Ledger{}, []int{1, 2, 3}) }
