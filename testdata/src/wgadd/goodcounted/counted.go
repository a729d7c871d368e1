// Package goodcounted holds Adds in goroutines that hold a count of the same group meanwhile.
package goodcounted

import (
	"context"
	"sync"
)

// CountedSpawner is good: the outer count is held until its deferred Done (trap 1).
func CountedSpawner(in <-chan int, a, b func(int)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for x := range in {
			wg.Add(2)
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

// DoneAfterInnerAdd is good: the Done is not deferred, but follows the inner Adds on every path.
func DoneAfterInnerAdd(load func() []int, handle func(int)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for _, x := range load() {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
		wg.Done()
	}()
	wg.Wait()
}

// DoneLaterOnEachPath is good: each path Dones after the Add.
func DoneLaterOnEachPath(slow bool, prepare, handle func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			handle()
		}()
		if slow {
			wg.Done()
			prepare()
			return
		}
		wg.Done()
	}()
	wg.Wait()
}

// WorkList is good: the received item holds a count until its children are counted (trap 2).
func WorkList(root int, do func(int) []int) {
	var pending sync.WaitGroup
	in := make(chan int)
	for range 4 {
		go func() {
			for job := range in {
				kids := do(job)
				pending.Add(len(kids))
				go feed(in, kids)
				pending.Done()
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

// WorkListCancelled is good: after cancellation, received jobs are given back without being done.
func WorkListCancelled(ctx context.Context, root int, do func(int) []int) {
	var pending sync.WaitGroup
	in := make(chan int)
	for range 4 {
		go func() {
			for job := range in {
				if ctx.Err() != nil {
					pending.Done()
					continue
				}
				kids := do(job)
				pending.Add(len(kids))
				go feed(in, kids)
				pending.Done()
			}
		}()
	}
	pending.Add(1)
	in <- root
	pending.Wait()
	close(in)
}

// Walk is good: each level is counted by the level above, which is counted itself.
func Walk(root string, list func(string) []string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go walk(&wg, root, list)
	wg.Wait()
}

func walk(wg *sync.WaitGroup, dir string, list func(string) []string) {
	defer wg.Done()
	for _, sub := range list(dir) {
		wg.Add(1)
		go walk(wg, sub, list)
	}
}

// WalkClosure is good: the recursive closure runs under the count that its caller took.
func WalkClosure(root string, list func(string) []string, visit func(string)) {
	var wg sync.WaitGroup
	var walk func(dir string)
	walk = func(dir string) {
		defer wg.Done()
		visit(dir)
		for _, sub := range list(dir) {
			wg.Add(1)
			go walk(sub)
		}
	}
	wg.Add(1)
	go walk(root)
	wg.Wait()
}

// WalkSynchronousRoot is good: the root runs in the function that Waits, the rest is counted.
func WalkSynchronousRoot(root string, list func(string) []string) {
	var wg sync.WaitGroup
	descend(&wg, root, list)
	wg.Wait()
}

func descend(wg *sync.WaitGroup, dir string, list func(string) []string) {
	for _, sub := range list(dir) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			descend(wg, sub, list)
		}()
	}
}

// BothCounted is good: the goroutine holds a count of each group that it Adds to.
func BothCounted(names []string, load, write func(string)) {
	var loaders, writers sync.WaitGroup
	for _, name := range names {
		loaders.Add(1)
		writers.Add(1)
		go func() {
			defer loaders.Done()
			defer writers.Done()
			load(name)
			writers.Add(1)
			go func() {
				defer writers.Done()
				write(name)
			}()
		}()
	}
	writers.Wait()
	loaders.Wait()
}

// LoadersFirst is good: the loaders, which Add to writers, are through when writers is Waited for.
func LoadersFirst(names []string, load, write func(string)) {
	var loaders, writers sync.WaitGroup
	for _, name := range names {
		loaders.Add(1)
		go func() {
			defer loaders.Done()
			load(name)
			writers.Add(1)
			go func() {
				defer writers.Done()
				write(name)
			}()
		}()
	}
	loaders.Wait()
	writers.Wait()
}

// CountedOnBothBranches is good: quick or not, the goroutine is counted.
func CountedOnBothBranches(quick bool, xs []int, prepare func(), handle func(int)) {
	var wg sync.WaitGroup
	if quick {
		wg.Add(1)
	} else {
		prepare()
		wg.Add(1)
	}
	go func() {
		defer wg.Done()
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	wg.Wait()
}
