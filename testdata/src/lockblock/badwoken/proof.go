//go:build proof

package badwoken

import "time"

// claim: leak Get
func driveGet() {
	s := NewSlot()
	go s.Get()
	time.Sleep(50 * time.Millisecond)
	s.Put(1)
}
