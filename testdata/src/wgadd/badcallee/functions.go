// Package badcallee holds goroutines whose Add is hidden in what they call.
package badcallee

import (
	"fmt"
	"io"
	"sync"
)

// AddInWorker is bad: worker counts itself after it was started.
func AddInWorker(n int, jobs <-chan int, handle func(int)) {
	var wg sync.WaitGroup
	for range n {
		go worker(jobs, handle, &wg)
	}
	wg.Wait()
}

func worker(jobs <-chan int, handle func(int), group *sync.WaitGroup) {
	group.Add(1) // want "group\\.Add"
	defer group.Done()
	for j := range jobs {
		handle(j)
	}
}

// AddInHelper is bad: enter is called by the goroutine, not by its spawner.
func AddInHelper(w io.Writer, names []string, run func(string)) {
	var wg sync.WaitGroup
	for _, name := range names {
		go func() {
			enter(&wg, w, name)
			defer wg.Done()
			run(name)
		}()
	}
	wg.Wait()
}

func enter(wg *sync.WaitGroup, w io.Writer, name string) {
	wg.Add(1) // want "wg\\.Add"
	fmt.Fprintln(w, "enter", name)
}

// AddTwoCallsDeep is bad: two calls below the go statement it is still the goroutine's Add.
func AddTwoCallsDeep(names []string, run func(string)) {
	var wg sync.WaitGroup
	for _, name := range names {
		go process(&wg, name, run)
	}
	wg.Wait()
}

func process(wg *sync.WaitGroup, name string, run func(string)) {
	if name == "" {
		return
	}
	count(wg)
	defer wg.Done()
	run(name)
}

func count(wg *sync.WaitGroup) {
	wg.Add(1) // want "wg\\.Add"
}

// AddInVariable is bad: the closure in the variable is what the goroutine runs.
func AddInVariable(n int, poll func()) {
	var wg sync.WaitGroup
	work := func() {
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		poll()
	}
	for range n {
		go work()
	}
	wg.Wait()
}

type handler struct {
	name string
	run  func()
}

// AddInFieldFunc is bad: the closure in the struct field is what the goroutine runs.
func AddInFieldFunc(names []string, visit func(string)) {
	var wg sync.WaitGroup
	var handlers []handler
	for _, name := range names {
		h := handler{name: name}
		h.run = func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			visit(name)
		}
		handlers = append(handlers, h)
		go h.run()
	}
	wg.Wait()
	fmt.Fprintln(io.Discard, len(handlers))
}

// AddInReleaseFunc is bad: begin counts when it is called, and the goroutine calls it.
func AddInReleaseFunc(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		go func() {
			defer begin(&wg)()
			job()
		}()
	}
	wg.Wait()
}

func begin(wg *sync.WaitGroup) (end func()) {
	wg.Add(1) // want "wg\\.Add"
	return wg.Done
}

// AddOfParameterGroup is bad: the caller Waits for a group that the goroutines enter by themselves.
func AddOfParameterGroup(roots []string, scan func(string)) {
	var wg sync.WaitGroup
	startScans(&wg, roots, scan)
	wg.Wait()
}

func startScans(wg *sync.WaitGroup, roots []string, scan func(string)) {
	for _, r := range roots {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			scan(r)
		}()
	}
}
