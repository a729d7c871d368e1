//go:build proof

package badabandoned

import (
	"errors"
	"time"
)

// claim: leak Dial
func driveDial() {
	o := Options{
		Timeout: time.Millisecond,
		has:     func(int) bool { return false },
		name:    func(int) string { return "" },
	}
	Dial([]string{"a"}, o, func(string) error {
		time.Sleep(50 * time.Millisecond)
		return errors.New("refused")
	})
	time.Sleep(100 * time.Millisecond)
}
