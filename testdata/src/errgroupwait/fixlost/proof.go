//go:build proof

package fixlost

import "errors"

var errReal = errors.New("the real error")

// claim: panic the error is lost
func driveAll() {
	if All([]string{"a"}, func(string) error { return errReal }) == nil {
		panic("the error is lost")
	}
}

// claim: panic the error is lost
func drivePages() {
	if _, _, err := Pages([]string{"a"}, func(string) (string, error) { return "", errReal }); err == nil {
		panic("the error is lost")
	}
}
