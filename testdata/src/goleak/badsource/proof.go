//go:build proof

package badsource

import (
	"context"
	"errors"
	"slices"
)

// claim: leak First
func driveFirst() {
	src := func(_ context.Context, yield func(int) bool) error {
		for i := range 9 {
			if !yield(i) {
				break
			}
		}
		return nil
	}
	First(context.Background(), src, func(v int) bool { return v == 3 })
}

// claim: leak Lookahead
func driveLookahead() {
	Lookahead(slices.Values([]string{"a", "b", "c"}), func(string) error { return errors.New("disk full") })
}
