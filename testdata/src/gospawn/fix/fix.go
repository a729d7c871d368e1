// Package fix holds starts of goroutines around which the check can put a
// semaphore.
package fix

import (
	"context"
	"log"
	"sync"
)

// Fetcher gets one document.
type Fetcher interface {
	Fetch(ctx context.Context, url string) ([]byte, error)
}

// Plain has a go statement with a comment above it.
func Plain(ctx context.Context, f Fetcher, urls []string) {
	var wg sync.WaitGroup

	// All of them at once.
	for _, u := range urls {
		wg.Add(1)
		// Each on its own.
		go func() { // want "goroutine per element of urls, with no limit on how many are alive: urls is a parameter and as long as the caller makes it"
			defer wg.Done()
			if _, err := f.Fetch(ctx, u); err != nil {
				log.Print(err)
			}
		}()
	}
	wg.Wait()
}

// OneLine has a body on one line, and a variable that is called sem already.
func OneLine(ctx context.Context, f Fetcher, urls map[string]string, sem int) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { f.Fetch(ctx, u) }) // want "goroutine per element of urls"
	}
	wg.Wait()
	log.Print(sem)
}

// Nested has two loops and a label: the semaphore belongs before both.
func Nested(ctx context.Context, f Fetcher, groups [][]string) {
	var wg sync.WaitGroup
next:
	for _, urls := range groups {
		for _, u := range urls {
			if u == "" {
				continue next
			}
			wg.Add(1)
			go func(u string) { // want "goroutine per element of groups"
				defer wg.Done()
				f.Fetch(ctx, u)
			}(u)
		}
	}
	wg.Wait()
}

// OwnLock takes a lock that only the goroutines take.
func OwnLock(ctx context.Context, f Fetcher, urls []string) int {
	var (
		mu   sync.Mutex
		wg   sync.WaitGroup
		size int
	)
	for _, u := range urls {
		wg.Add(1)
		go func() { // want "goroutine per element of urls"
			defer wg.Done()
			b, _ := f.Fetch(ctx, u)
			mu.Lock()
			size += len(b)
			mu.Unlock()
		}()
	}
	wg.Wait()
	return size
}

// Results has no fix: nobody receives before the loop has ended, so with a
// limit none of the goroutines would come to an end.
func Results(ctx context.Context, f Fetcher, urls []string) (size int) {
	sizes := make(chan int)
	for _, u := range urls {
		go func() { // want "goroutine per element of urls"
			b, _ := f.Fetch(ctx, u)
			sizes <- len(b)
		}()
	}
	for range urls {
		size += <-sizes
	}
	return size
}

// HeldLock has no fix: the loop holds the lock that the goroutines want.
func HeldLock(ctx context.Context, f Fetcher, urls []string) {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	for _, u := range urls {
		go func() { // want "goroutine per element of urls"
			mu.Lock()
			defer mu.Unlock()
			f.Fetch(ctx, u)
		}()
	}
}

// Selected has no fix: waiting for a token would keep the loop from ctx.
func Selected(ctx context.Context, f Fetcher, urls <-chan string) {
	for {
		select {
		case u := <-urls:
			go func() { // want "goroutine per value received from urls"
				f.Fetch(ctx, u)
			}()
		case <-ctx.Done():
			return
		}
	}
}

// Named has no fix: there is no literal to which the release could be added.
func Named(ctx context.Context, f Fetcher, urls []string) {
	for _, u := range urls {
		go f.Fetch(ctx, u) // want "goroutine per element of urls"
	}
}
