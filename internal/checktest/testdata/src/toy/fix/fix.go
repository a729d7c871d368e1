// Package fix calls functions that the toy check does not like.
package fix

import "sync"

func bad(...int)  {}
func worse()      {}
func fine(...int) {}

var _ sync.Mutex

func f() {
	bad() // want "call of bad"
	// of the second
	bad(1) // want "call of bad"
}
