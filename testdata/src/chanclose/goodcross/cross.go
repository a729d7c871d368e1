// Package goodcross leaves the close of its channels to another package.
package goodcross

import (
	"slices"
	"strings"
	"sync"

	"chanclose/goodlib"
)

// FilledElsewhere is good: goodlib.Fill closes out.
func FilledElsewhere(vals []string) (n int) {
	out := make(chan string)
	go goodlib.Fill(out, vals)
	for v := range out {
		n += len(v)
	}
	return n
}

// ClosedElsewhere is good: goodlib.CloseAfter closes out after the workers.
func ClosedElsewhere(vals []string) (upper []string) {
	out := make(chan string)
	var wg sync.WaitGroup
	for chunk := range slices.Chunk(vals, 64) {
		wg.Go(func() {
			for _, v := range chunk {
				out <- strings.ToUpper(v)
			}
		})
	}
	goodlib.CloseAfter(&wg, out)
	for v := range out {
		upper = append(upper, v)
	}
	return upper
}

// DeferredElsewhere is good: the deferred helper of the other package closes,
// another one ranges.
func DeferredElsewhere(vals []string) []string {
	out := make(chan string)
	go func() {
		defer goodlib.SafeClose(out)
		for _, v := range vals {
			out <- v
		}
	}()
	return goodlib.Collect(out)
}

// MadeElsewhere is good: the channel comes from another package.
func MadeElsewhere() (n int) {
	for v := range goodlib.From("a", "b") {
		n += len(v)
	}
	return n
}
