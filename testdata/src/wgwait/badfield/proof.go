//go:build proof

package badfield

// claim: leak All
func driveAll() {
	go NewProber().All([]Target{{Name: "a", Muted: true}})
}

// claim: leak Close
func driveClose() {
	var g Gate
	g.Enter()
	go g.Close()
}
