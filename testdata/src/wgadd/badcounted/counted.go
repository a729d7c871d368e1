// Package badcounted holds Adds in goroutines whose own count is missing or already given back.
package badcounted

import "sync"

// UncountedSpawner is bad: nothing is counted while the outer goroutine still starts others.
func UncountedSpawner(in <-chan int, a, b func(int)) {
	var wg sync.WaitGroup
	go func() {
		for x := range in {
			wg.Add(2) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				a(x)
			}()
			go func() {
				defer wg.Done()
				b(x)
			}()
		}
	}()
	wg.Wait()
}

// DoneBeforeInnerAdd is bad: the outer count is given back before the inner one is taken.
func DoneBeforeInnerAdd(load func() []int, handle func(int)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Done()
		for _, x := range load() {
			wg.Add(1) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	wg.Wait()
}

// DoneFirstOnOnePath is bad: on the slow path the count is gone before the Add.
func DoneFirstOnOnePath(slow bool, prepare, handle func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if slow {
			wg.Done()
			prepare()
		}
		wg.Add(1) // want "wg\\.Add"
		go func() {
			defer wg.Done()
			handle()
		}()
		if !slow {
			wg.Done()
		}
	}()
	wg.Wait()
}

// WorkListDoneFirst is bad: the received item's count is gone before its children are counted.
func WorkListDoneFirst(root int, do func(int) []int) {
	var pending sync.WaitGroup
	in := make(chan int)
	for range 4 {
		go func() {
			for job := range in {
				pending.Done()
				kids := do(job)
				pending.Add(len(kids)) // want "pending\\.Add"
				go feed(in, kids)
			}
		}()
	}
	pending.Add(1)
	in <- root
	pending.Wait()
	close(in)
}

func feed(in chan<- int, kids []int) {
	for _, k := range kids {
		in <- k
	}
}

// WalkUncounted is bad: each level counts itself, so the level above may be gone before.
func WalkUncounted(root string, list func(string) []string) {
	var wg sync.WaitGroup
	go walk(&wg, root, list)
	wg.Wait()
}

func walk(wg *sync.WaitGroup, dir string, list func(string) []string) {
	wg.Add(1) // want "wg\\.Add"
	defer wg.Done()
	for _, sub := range list(dir) {
		go walk(wg, sub, list)
	}
}

// CountedInOtherGroup is bad: the goroutine's count is one of loaders, not of writers.
func CountedInOtherGroup(names []string, load, write func(string)) {
	var loaders, writers sync.WaitGroup
	for _, name := range names {
		loaders.Add(1)
		go func() {
			defer loaders.Done()
			load(name)
			writers.Add(1) // want "writers\\.Add"
			go func() {
				defer writers.Done()
				write(name)
			}()
		}()
	}
	writers.Wait()
	loaders.Wait()
}

// CountedOnOneBranch is bad: when quick is set, nobody holds a count for the goroutine.
func CountedOnOneBranch(quick bool, xs []int, handle func(int)) {
	var wg sync.WaitGroup
	if !quick {
		wg.Add(1)
	}
	go func() {
		if !quick {
			defer wg.Done()
		}
		for _, x := range xs {
			wg.Add(1) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	wg.Wait()
}
