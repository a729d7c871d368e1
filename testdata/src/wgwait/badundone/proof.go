//go:build proof

package badundone

// claim: deadlock Close
func driveStore() {
	s := NewStore()
	s.Open()
	s.Start()
	s.Close()
}
