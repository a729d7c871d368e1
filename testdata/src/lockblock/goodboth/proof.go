//go:build proof

package goodboth

// claim: none
func driveAll() {
	t := &Target{honor: true}
	t.Set(map[string]string{"job": "a"})
	t.Name()
	t.Both()
}
