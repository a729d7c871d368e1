// Package badliteral holds goroutine literals that count themselves.
package badliteral

import (
	"sync"
	"time"
)

// AddFirst is bad: each goroutine counts itself, so Wait may still find a zero counter.
func AddFirst(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

// AddFirstWithArgument is bad: the argument is evaluated by the spawner, the Add is not.
func AddFirstWithArgument(workers int, run func(id int)) {
	var wg sync.WaitGroup
	for i := 0; i < workers; i++ {
		go func(id int) {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			run(id)
		}(i)
	}
	wg.Wait()
}

// AddFirstDoneLast is bad: a Done that is not deferred makes no difference to a late Add.
func AddFirstDoneLast(paths []string, index func(string)) {
	var wg sync.WaitGroup
	for _, p := range paths {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			index(p)
			wg.Done()
		}()
	}
	wg.Wait()
}

// AddFirstPointer is bad: the group is the same one behind the pointer.
func AddFirstPointer(hosts []string, ping func(string)) {
	wg := new(sync.WaitGroup)
	for _, h := range hosts {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			ping(h)
		}()
	}
	wg.Wait()
}

// AddFirstSecondName is bad: w and wg are one group, counted by the goroutine.
func AddFirstSecondName(hosts []string, ping func(string)) {
	var wg sync.WaitGroup
	w := &wg
	for _, h := range hosts {
		go func() {
			w.Add(1) // want "w\\.Add"
			defer w.Done()
			ping(h)
		}()
	}
	wg.Wait()
}

// AddFirstOnce is bad: one goroutine without a loop is overtaken as well.
func AddFirstOnce(refresh func(), load func()) {
	var wg sync.WaitGroup
	go func() {
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		refresh()
	}()
	load()
	wg.Wait()
}

// AddFirstCloser is bad: the closer's Wait may return before any worker is counted,
// and the workers then send on the closed channel.
func AddFirstCloser(queries []string, search func(string) int) int {
	var wg sync.WaitGroup
	hits := make(chan int)
	for _, q := range queries {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			hits <- search(q)
		}()
	}
	go func() {
		wg.Wait()
		close(hits)
	}()
	total := 0
	for n := range hits {
		total += n
	}
	return total
}

// AddFirstWaitInDefer is bad: the deferred Wait runs when the function returns, which may be
// before the goroutine has counted itself.
func AddFirstWaitInDefer(report func()) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	go func() {
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		report()
	}()
	return nil
}

// AddFirstWaitWithTimeout is bad: the helper goroutine that Waits is no more patient.
func AddFirstWaitWithTimeout(jobs []func(), limit time.Duration) bool {
	var wg sync.WaitGroup
	for _, job := range jobs {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			job()
		}()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		wg.Wait()
	}()
	select {
	case <-done:
		return true
	case <-time.After(limit):
		return false
	}
}
