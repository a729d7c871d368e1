//go:build proof

package badrecover

// claim: leak run
func driveParse() { Parse("1 two 3 4") }
