//go:build proof

package badstored

// claim: deadlock Store.Begin
func driveFill() { Fill(new(Store), []int{1, 2}) }
