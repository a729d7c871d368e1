//go:build proof

package badrounds

import "errors"

// claim: panic one batch has failed, and not three
func driveLogAndGoOn() {
	batches := [][]string{{"bad"}, {"good"}, {"good"}}
	if LogAndGoOn(batches, failBad) == 3 {
		panic("one batch has failed, and not three")
	}
}

// claim: panic the second attempt succeeds
func driveRetry() {
	attempts := 0
	if !Retry([]string{"a"}, func(string) error {
		if attempts++; attempts == 1 {
			return errors.New("failed")
		}
		return nil
	}) {
		panic("the second attempt succeeds")
	}
}

func failBad(u string) error {
	if u == "bad" {
		return errors.New("failed")
	}
	return nil
}
