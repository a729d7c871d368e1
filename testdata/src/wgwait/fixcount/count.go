// Package fixcount holds groups whose counter does not agree with their goroutines, with
// and without a fix.
package fixcount

import (
	"log"
	"sync"
)

// Skipped counts all, and skips some.
func Skipped(items []string, skip func(string) bool, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		if skip(item) {
			continue
		}
		// Each has its own.
		go func() {
			defer wg.Done()
			do(item)
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Rejected counts too early.
func Rejected(names []string, open func(string) (func(), error)) {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1) // this one
		run, err := open(name)
		if err != nil {
			log.Print(err)
			continue
		}
		go func() {
			defer wg.Done()
			run()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Kinds starts two kinds.
func Kinds(kinds []string, small, large func()) {
	var wg sync.WaitGroup
	wg.Add(len(kinds))
	for _, k := range kinds {
		switch k {
		case "small":
			go func() {
				defer wg.Done()
				small()
			}()
		case "large":
			go func() {
				defer wg.Done()
				large()
			}()
		}
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Twice counts what Go counts as well.
func Twice(tasks []func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Add(1)
		wg.Go(task)
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Closer counts the goroutine that waits.
func Closer(inputs ...[]int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Go(func() {
			for _, v := range in {
				out <- v
			}
		})
	}
	wg.Go(func() {
		wg.Wait() // want "wg.Wait blocks forever"
		close(out)
	})
	for v := range out {
		sum += v
	}
	return sum
}

// A Set has items.
type Set struct{ items []string }

// Each waits in the loop.
func (s *Set) Each(do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(s.items))
	for _, item := range s.items {
		go func() {
			defer wg.Done()
			do(item)
		}()
		wg.Wait() // want "wg.Wait blocks forever"
	}
}

// The following get no fix.

// Forgotten gets none: it is the second goroutine that should call Done.
func Forgotten(first, second func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		first()
	}()
	go func() {
		second()
	}()
	wg.Wait() // want "wg.Wait blocks forever"
}

// Each gets none: there would be a goroutine for each item at a time.
func Each(items []string, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		go func() {
			defer wg.Done()
			do(item)
		}()
		wg.Wait() // want "wg.Wait blocks forever"
	}
}

// Submitted gets none: it is the function given to submit that should call Done.
func Submitted(first, second func(), submit func(func())) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		first()
	}()
	submit(func() { second() })
	wg.Wait() // want "wg.Wait blocks forever"
}

// Before gets none: the closer could find the counter at zero before the first Add.
func Before(items []string, skip func(string) bool, length func(string) int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Add(len(items))
	go func() {
		wg.Wait() // want "wg.Wait blocks forever"
		close(out)
	}()
	for _, item := range items {
		if skip(item) {
			continue
		}
		go func() {
			defer wg.Done()
			out <- length(item)
		}()
	}
	for n := range out {
		sum += n
	}
	return sum
}
