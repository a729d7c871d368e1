//go:build proof

package goodfield

// claim: none
func driveBoth() {
	s := NewSender(func(string) {})
	s.Send("a")
	s.Both("b", func() {})
	s.Close()
}
