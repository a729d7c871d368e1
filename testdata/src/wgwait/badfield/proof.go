//go:build proof

package badfield

// claim: leak All
func driveAll() {
	go NewProber().All([]Target{{Name: "a", Muted: true}})
}
