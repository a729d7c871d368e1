// Package goodliteral holds the plain shape, Add before go, and what people make of it.
package goodliteral

import (
	"fmt"
	"io"
	"sync"
	"time"
)

type item struct {
	key   string
	dirty bool
}

// AddBefore is good: the spawner counts each goroutine before it starts it.
func AddBefore(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

// AddBeforeDoneLast is good: the Done is the last statement, not deferred (trap 10).
func AddBeforeDoneLast(in <-chan int, out chan<- int, square func(int) int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for x := range in {
			out <- square(x)
		}
		close(out)
		wg.Done()
	}()
	wg.Wait()
}

// AddBeforePointer is good: the pointer is the same group, counted by the spawner.
func AddBeforePointer(hosts []string, ping func(string)) {
	wg := new(sync.WaitGroup)
	for _, h := range hosts {
		wg.Add(1)
		go func(h string) {
			defer wg.Done()
			ping(h)
		}(h)
	}
	wg.Wait()
}

// AddBeforeCloser is good: all workers are counted before the closer is started.
func AddBeforeCloser(queries []string, search func(string) int) int {
	var wg sync.WaitGroup
	hits := make(chan int)
	for _, q := range queries {
		wg.Add(1)
		go func() {
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

// AddInIf is good: only dirty items get a goroutine, and each of those is counted first.
func AddInIf(items []item, store func(item)) {
	var wg sync.WaitGroup
	for _, it := range items {
		if it.dirty {
			wg.Add(1)
			go func() {
				defer wg.Done()
				store(it)
			}()
		}
	}
	wg.Wait()
}

// AddInSelectCase is good: the loop runs in the function that Waits.
func AddInSelectCase(in <-chan int, stop <-chan struct{}, handle func(int)) {
	var wg sync.WaitGroup
loop:
	for {
		select {
		case x := <-in:
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		case <-stop:
			break loop
		}
	}
	wg.Wait()
}

// AddInSwitch is good: the switch chooses among spawns, each one counted.
func AddInSwitch(kinds []string, full, delta func()) {
	var wg sync.WaitGroup
	for _, kind := range kinds {
		switch kind {
		case "full":
			wg.Add(1)
			go func() {
				defer wg.Done()
				full()
			}()
		default:
			wg.Add(1)
			go func() {
				defer wg.Done()
				delta()
			}()
		}
	}
	wg.Wait()
}

// AddN is good: one Add for n spawns (trap 9).
func AddN(n int, run func(int)) {
	var wg sync.WaitGroup
	wg.Add(n)
	for i := range n {
		go func() {
			defer wg.Done()
			run(i)
		}()
	}
	wg.Wait()
}

// AddLen is good: one Add for all of xs, the Wait in a closer (trap 9).
func AddLen(xs []int, square func(int) int) []int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	wg.Add(len(xs))
	for _, x := range xs {
		go func() {
			defer wg.Done()
			out <- square(x)
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	var sum []int
	for n := range out {
		sum = append(sum, n)
	}
	return sum
}

// AddBeforeWithTimeout is good: the count is there before anybody Waits, whoever it is.
func AddBeforeWithTimeout(jobs []func(), limit time.Duration) bool {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
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

// AddAfterPrint is good: the line that is printed first is printed by the spawner.
func AddAfterPrint(w io.Writer, ids []int, run func(int)) {
	var wg sync.WaitGroup
	for _, id := range ids {
		fmt.Fprintln(w, "worker", id, "starting")
		wg.Add(1)
		go func() {
			defer wg.Done()
			run(id)
		}()
	}
	wg.Wait()
}

// AddTwoRounds is good: the group is used again after its Wait, by the same goroutine.
func AddTwoRounds(first, second []func()) {
	var wg sync.WaitGroup
	for _, job := range first {
		wg.Add(1)
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
	for _, job := range second {
		wg.Add(1)
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}
