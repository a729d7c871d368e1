//go:build proof

package goodcallback

// claim: none
func driveAll() {
	for range 2 {
		new(State).Set("a")
		new(Document).Save()
		(&Board{names: []string{"a", "b"}}).Sort()
		Mirror("a", "b")
		Trip(4)
		Serve("/")
		Fit(3, "one", "two")
		Nest("one", "two")
		(&Index{words: []string{"a", "b"}}).Sort()
		new(Failure).Add("a")
		HandleAll("/")
		(&Config{values: map[string]string{"a": "b"}}).Visit(func(string, string) {})
	}
}
