//go:build proof

package goodmode

// claim: none
func driveAll() {
	d := &Directory{addrs: make(map[string]string)}
	for range 2 {
		d.Lookup("a")
		d.Add("a", "b")
		d.Lookup("a")
		d.Generation(func() { d.Add("b", "c") })
		d.Names()
		d.Remove("a")
		d.Remove("a")
		d.Publish("a", "b", func(map[string]string) {})
		d.Apply(func(map[string]string) {})
	}
}
