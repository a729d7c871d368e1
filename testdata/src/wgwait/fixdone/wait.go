package fixdone

import "sync"

// Sizes waits before it returns what the goroutines write.
func Sizes(names []string, size func(string) int) []int {
	sizes := make([]int, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { sizes[i] = size(name) }) // want "wg.Wait is never called"
	}
	return sizes
}

// First waits before it returns two values.
func First(f func() (int, error)) (int, error) {
	var (
		n   int
		err error
		wg  sync.WaitGroup
	)
	wg.Add(1)
	go func() { // want "wg.Wait is never called"
		defer wg.Done()
		n, err = f()
	}()
	// What f has given.
	return n, err
}

// Start gets no fix: what it starts may be meant to go on.
func Start(names []string, serve func(string)) int {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { serve(name) }) // want "wg.Wait is never called"
	}
	return len(names)
}

// Both gets no fix: the other goroutine may be meant to go on.
func Both(f func() int, serve func()) int {
	n := 0
	var wg sync.WaitGroup
	wg.Go(func() { n = f() }) // want "wg.Wait is never called"
	wg.Go(func() { serve() })
	return n
}
