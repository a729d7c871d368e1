//go:build proof

package goodsource

import (
	"context"
	"errors"
	"slices"
)

// claim: none
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

// claim: none
func driveLookahead() {
	Lookahead(slices.Values([]string{"a", "b", "c"}), func(string) error { return errors.New("disk full") })
}

// claim: none
func driveSubscribe() {
	Subscribe(func(_ string, handle func(int) bool) { go handle(1) }, "news")
}

// claim: none
func driveNext() {
	b := &Bus{Handle: func(handle func(int) bool) func() {
		go handle(1)
		return func() {}
	}}
	b.Next()
}
