// Package goodlib has helpers that close, drain and fill channels for other
// packages.
package goodlib

import "sync"

// SafeClose closes c unless it is nil.
func SafeClose[T any](c chan<- T) {
	if c != nil {
		close(c)
	}
}

// CloseAfter closes out when wg is done; it returns at once.
func CloseAfter(wg *sync.WaitGroup, out chan string) {
	go func() {
		wg.Wait()
		close(out)
	}()
}

// Fill is good: it sends vals on out and closes it by contract.
func Fill(out chan<- string, vals []string) {
	defer close(out)
	for _, v := range vals {
		out <- v
	}
}

// Collect is good: it ranges over a channel of the caller.
func Collect[T any](in <-chan T) (all []T) {
	for v := range in {
		all = append(all, v)
	}
	return all
}

// From is good: it returns a channel that it closes.
func From(vals ...string) <-chan string {
	out := make(chan string)
	go Fill(out, vals)
	return out
}
