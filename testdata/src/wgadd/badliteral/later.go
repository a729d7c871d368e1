package badliteral

import (
	"fmt"
	"io"
	"sync"
)

type item struct {
	key   string
	dirty bool
}

// AddAfterPrint is bad: the Add is not the first statement, but still runs in the goroutine.
func AddAfterPrint(w io.Writer, ids []int, run func(int)) {
	var wg sync.WaitGroup
	for _, id := range ids {
		go func() {
			fmt.Fprintln(w, "worker", id, "started")
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			run(id)
		}()
	}
	wg.Wait()
}

// AddInIf is bad: the goroutine decides by itself whether it counts.
func AddInIf(items []item, store func(item)) {
	var wg sync.WaitGroup
	for _, it := range items {
		go func() {
			if it.dirty {
				wg.Add(1) // want "wg\\.Add"
				defer wg.Done()
				store(it)
			}
		}()
	}
	wg.Wait()
}

// AddInNestedLoop is bad: the dispatching goroutine is not counted, so Wait overtakes its Adds.
func AddInNestedLoop(batches [][]int, handle func(int)) {
	var wg sync.WaitGroup
	go func() {
		for _, b := range batches {
			for _, x := range b {
				wg.Add(1) // want "wg\\.Add"
				go func() {
					defer wg.Done()
					handle(x)
				}()
			}
		}
	}()
	wg.Wait()
}

// AddLenInDispatcher is bad: one Add for all of them is just as late in an uncounted goroutine.
func AddLenInDispatcher(xs []int, handle func(int)) {
	var wg sync.WaitGroup
	go func() {
		wg.Add(len(xs)) // want "wg\\.Add"
		for _, x := range xs {
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	wg.Wait()
}

// AddInSelectCase is bad: whichever case runs, it runs in the goroutine.
func AddInSelectCase(in <-chan int, stop <-chan struct{}, handle func(int)) {
	var wg sync.WaitGroup
	go func() {
		for {
			select {
			case x := <-in:
				wg.Add(1) // want "wg\\.Add"
				go func() {
					defer wg.Done()
					handle(x)
				}()
			case <-stop:
				return
			}
		}
	}()
	<-stop
	wg.Wait()
}

// AddInSwitch is bad: each case counts, but after the goroutine was started.
func AddInSwitch(kinds []string, full, delta func()) {
	var wg sync.WaitGroup
	for _, kind := range kinds {
		go func() {
			switch kind {
			case "full":
				wg.Add(1) // want "wg\\.Add"
				defer wg.Done()
				full()
			default:
				wg.Add(1) // want "wg\\.Add"
				defer wg.Done()
				delta()
			}
		}()
	}
	wg.Wait()
}

// AddAfterStartSignal is bad: start orders the goroutine after the spawner's close, not the Add
// before the Wait.
func AddAfterStartSignal(n int, hammer func()) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range n {
		go func() {
			<-start
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			hammer()
		}()
	}
	close(start)
	wg.Wait()
}

// AddInInnerGoroutine is bad: neither the outer nor the inner goroutine holds a count.
func AddInInnerGoroutine(jobs []func()) {
	var wg sync.WaitGroup
	go func() {
		for _, job := range jobs {
			go func() {
				wg.Add(1) // want "wg\\.Add"
				defer wg.Done()
				job()
			}()
		}
	}()
	wg.Wait()
}

// AddInDefer is bad: the deferred call still belongs to the uncounted goroutine.
func AddInDefer(load, flush func()) {
	var wg sync.WaitGroup
	go func() {
		defer func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			flush()
		}()
		load()
	}()
	wg.Wait()
}

// AddBesideCounted is bad: the first goroutine's count ends when it likes; it does not cover
// the second goroutine, which counts itself.
func AddBesideCounted(first, dial, second func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		first()
	}()
	go func() {
		dial()
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		second()
	}()
	wg.Wait()
}
