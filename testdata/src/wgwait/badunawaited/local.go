// Package badunawaited has groups for which nothing waits.
package badunawaited

import (
	"context"
	"sync"
)

// Sizes is bad: it returns while the sizes are still being looked up.
func Sizes(names []string, size func(string) int) []int {
	sizes := make([]int, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { sizes[i] = size(name) }) // want "wg.Wait is never called: nothing waits for this goroutine, though it is counted"
	}
	return sizes
}

// Check is bad: it returns an error that is not known yet.
func Check(check func() error) error {
	var err error
	wg := sync.WaitGroup{}
	wg.Add(1)
	go func() { // want "wg.Wait is never called: nothing waits for this goroutine, though it is counted"
		defer wg.Done()
		err = check()
	}()
	return err
}

// Each is bad: the workers get their jobs, and nobody sees them end.
func Each(jobs []string, do func(string)) {
	queue := make(chan string)
	wg := new(sync.WaitGroup)
	for range 3 {
		wg.Add(1)
		go worker(queue, do, wg) // want "wg.Wait is never called: nothing waits for this goroutine, though it is counted"
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
}

func worker(queue <-chan string, do func(string), wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range queue {
		do(j)
	}
}

// Fetch is bad: what it stores comes too late, whoever starts it.
func Fetch(get func() string, store func(string)) {
	go func() {
		var page string
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { // want "wg.Wait is never called"
			defer func() { wg.Done() }()
			page = get()
		}()
		store(page)
	}()
}

// Serve is bad: when ctx is done, the requests under way are cut off.
func Serve(ctx context.Context, serve func(context.Context)) {
	var wg sync.WaitGroup
	p := &wg
	start := func() {
		p.Add(1)
		go func() { // want "p.Wait is never called: nothing waits for this goroutine, though it is counted"
			defer p.Done()
			serve(ctx)
		}()
	}
	start()
	<-ctx.Done()
}
