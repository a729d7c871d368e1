// Package badgolden has golden files that are wrong.
package badgolden

func bad()  {}
func fine() {}

func f() {
	bad() // want "call of bad"
}
