// Package badloops holds loops that start a goroutine for each element of an
// input whose size the program does not know.
package badloops

import (
	"context"
	"iter"
	"maps"
	"strings"
	"sync"
)

// Fetcher gets one document.
type Fetcher interface {
	Fetch(ctx context.Context, url string) ([]byte, error)
}

// PerURL is bad: as many goroutines as the caller has URLs.
func PerURL(ctx context.Context, f Fetcher, urls []string) map[string][]byte {
	var mu sync.Mutex
	bodies := make(map[string][]byte, len(urls))
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			if b, err := f.Fetch(ctx, u); err == nil {
				mu.Lock()
				bodies[u] = b
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	return bodies
}

// PerIndex is bad: the loop counts to the length of a parameter.
func PerIndex(ctx context.Context, f Fetcher, urls []string) []error {
	errs := make([]error, len(urls))
	var wg sync.WaitGroup
	wg.Add(len(urls))
	for i := 0; i < len(urls); i++ {
		go func(i int) { // want "goroutine per"
			defer wg.Done()
			_, errs[i] = f.Fetch(ctx, urls[i])
		}(i)
	}
	wg.Wait()
	return errs
}

// PerIntRange is bad: the integer that is ranged over is the length of a
// parameter.
func PerIntRange(ctx context.Context, f Fetcher, urls []string) []error {
	errs := make([]error, len(urls))
	var wg sync.WaitGroup
	for i := range len(urls) {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			_, errs[i] = f.Fetch(ctx, urls[i])
		}()
	}
	wg.Wait()
	return errs
}

// PerKey is bad: one goroutine for each entry of the map.
func PerKey(ctx context.Context, f Fetcher, sites map[string]string, got func(name string, body []byte)) {
	for name, u := range sites {
		go fetchTo(ctx, f, u, func(b []byte) { got(name, b) }) // want "goroutine per"
	}
}

func fetchTo(ctx context.Context, f Fetcher, url string, got func([]byte)) {
	if b, err := f.Fetch(ctx, url); err == nil {
		got(b)
	}
}

// PerGroupElement is bad: two nested loops over the parameter, one goroutine
// for each element of each group.
func PerGroupElement(ctx context.Context, f Fetcher, groups map[string][]string) int {
	results := make(chan int)
	n := 0
	for _, urls := range groups {
		for _, u := range urls {
			n++
			go func() { // want "goroutine per"
				b, _ := f.Fetch(ctx, u)
				results <- len(b)
			}()
		}
	}
	size := 0
	for range n {
		size += <-results
	}
	return size
}

// PerField is bad: the input is text that is split here.
func PerField(ctx context.Context, f Fetcher, query string) {
	var wg sync.WaitGroup
	for _, u := range strings.Split(query, ",") {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			f.Fetch(ctx, strings.TrimSpace(u))
		}()
	}
	wg.Wait()
}

// PerYield is bad: the iterator decides how many goroutines there are.
func PerYield(ctx context.Context, f Fetcher, urls iter.Seq[string]) {
	var wg sync.WaitGroup
	for u := range urls {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			f.Fetch(ctx, u)
		}()
	}
	wg.Wait()
}

// Filtered is bad: the elements are copied into a local slice first, which
// grows with the input.
func Filtered(ctx context.Context, f Fetcher, urls []string) {
	var secure []string
	for _, u := range urls {
		if strings.HasPrefix(u, "https:") {
			secure = append(secure, u)
		}
	}
	var wg sync.WaitGroup
	for _, u := range secure {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			f.Fetch(ctx, u)
		}()
	}
	wg.Wait()
}

// PerMapKey is bad: an iterator over the keys of the parameter.
func PerMapKey(ctx context.Context, f Fetcher, sites map[string]string) {
	for u := range maps.Keys(sites) {
		go f.Fetch(ctx, u) // want "goroutine per"
	}
}

// PerQueued is bad: the loop takes from the front of the parameter until
// nothing is left.
func PerQueued(ctx context.Context, f Fetcher, queue []string) {
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		go f.Fetch(ctx, u) // want "goroutine per"
	}
}

// Link is an element of a linked list.
type Link struct {
	URL  string
	Next *Link
}

// PerLinked is bad: the length of the list is the caller's affair.
func PerLinked(ctx context.Context, f Fetcher, head *Link) {
	var wg sync.WaitGroup
	for l := head; l != nil; l = l.Next {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			f.Fetch(ctx, l.URL)
		}()
	}
	wg.Wait()
}

// Map is bad: the generic function starts a goroutine for each element.
func Map[T, U any](in []T, fn func(T) U) []U {
	out := make([]U, len(in))
	var wg sync.WaitGroup
	for i, v := range in {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			out[i] = fn(v)
		}()
	}
	wg.Wait()
	return out
}

// Not run: a number of goroutines without a bound is no leak, and ends well as long as the memory lasts.
