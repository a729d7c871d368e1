// Package sample has the same mistake several times.
package sample

import "sync"

func Reported(f func(int)) {
	var wg sync.WaitGroup
	for i := range 4 {
		go func() {
			wg.Add(1) // want `^wg.Add runs in the goroutine started at line 9: .* \(wgadd; see patterns/workerpool\); line 9: the goroutine is started here, and not counted; line 10: .*; line 15: [^;]*$`
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

// golangci-lint takes these away itself.
func ForGolangci(f func(int)) {
	var wg sync.WaitGroup
	for i := range 4 {
		go func() {
			wg.Add(1) /* want `wgadd` */ //nolint:gosec,concurlint // it is a test
			defer wg.Done()
			f(i)
		}()
	}
	for i := range 4 {
		go func() {
			wg.Add(1) /* want `wgadd` */ //nolint
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

// golangci-lint knows nothing of these.
func Ours(f func(int)) {
	var wg sync.WaitGroup
	for i := range 4 {
		go func() {
			//concurlint:ignore wgadd it is a test
			wg.Add(1)
			defer wg.Done()
			f(i)
		}()
	}
	for i := range 4 {
		go func() {
			wg.Add(1) //nolint:wgadd // names a check
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

/* want `^directive names no check of concurlint: nosuch` */ //concurlint:ignore nosuch there is none
