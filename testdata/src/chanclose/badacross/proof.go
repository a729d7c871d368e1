//go:build proof

package badacross

// claim: deadlock print
func drivePrint() { print([]string{"a"}, func(string) {}) }
