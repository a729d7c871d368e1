//go:build go1.24

// Package fixold is written in a Go that has no wg.Go.
package fixold

import "sync"

// All moves the Add.
func All(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		// want +2 "wg.Add runs in the goroutine"
		go func() {
			wg.Add(1)
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

// Not run: badliteral has the same forms with their proofs.
