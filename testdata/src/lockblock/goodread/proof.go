//go:build proof

package goodread

import "strconv"

// claim: none
func driveAll() {
	values := make([]int, 10)
	var names []string
	for i := range 10 {
		names = append(names, strconv.Itoa(i))
	}
	for range 1000 {
		Dump("a", "b")
		Build(20)
		Check(values)
		Play(names)
		Upgrade([2]string{"a", "b"})
		JoinTwice(names)
	}
	a, b := &Config{}, &Config{values: make(map[string]string)}
	Two(a, b)
	b.Locker(func(map[string]string) {})
	b.Set("a", "b")
}
