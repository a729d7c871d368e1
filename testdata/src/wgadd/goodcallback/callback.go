// Package goodcallback holds Adds in closures that run in the goroutine that Waits.
package goodcallback

import (
	"io/fs"
	"iter"
	"path/filepath"
	"sort"
	"sync"
)

// WalkDir is good: the callback runs before WalkDir returns.
func WalkDir(root string, hash func(string)) error {
	var wg sync.WaitGroup
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			hash(path)
		}()
		return nil
	})
	wg.Wait()
	return err
}

// RangeMap is good: sync.Map calls the function in the caller's goroutine.
func RangeMap(sessions *sync.Map, hangUp func(any)) {
	var wg sync.WaitGroup
	sessions.Range(func(_, s any) bool {
		wg.Add(1)
		go func() {
			defer wg.Done()
			hangUp(s)
		}()
		return true
	})
	wg.Wait()
}

// RangeFunc is good: the body of a range over a function runs in the caller's goroutine.
func RangeFunc(users iter.Seq[string], mail func(string)) {
	var wg sync.WaitGroup
	for u := range users {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mail(u)
		}()
	}
	wg.Wait()
}

// OnceStart is good: Once runs its function before Do returns.
func OnceStart(callers int, start func()) {
	var (
		once sync.Once
		wg   sync.WaitGroup
	)
	for range callers {
		once.Do(func() {
			wg.Add(1)
			go func() {
				defer wg.Done()
				start()
			}()
		})
	}
	wg.Wait()
}

// SortLess is good: the closure counts around its own body, and sort calls it in this goroutine.
func SortLess(xs []int) {
	var wg sync.WaitGroup
	sort.Slice(xs, func(i, j int) bool {
		wg.Add(1)
		defer wg.Done()
		return xs[i] < xs[j]
	})
	wg.Wait()
}

// CalledClosure is good: the closure that Adds is called, not started.
func CalledClosure(xs []int, handle func(int)) {
	var wg sync.WaitGroup
	dispatch := func(xs []int) {
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}
	dispatch(xs)
	func() {
		dispatch(xs)
	}()
	wg.Wait()
}

// DeferredDispatch is good: deferred calls run last to first, so the Wait runs after the Add.
func DeferredDispatch(work, flush func()) {
	var wg sync.WaitGroup
	defer wg.Wait()
	defer func() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			flush()
		}()
	}()
	work()
}

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) each(visit func(int)) {
	if t == nil {
		return
	}
	t.left.each(visit)
	visit(t.value)
	t.right.each(visit)
}

// EachNode is good: each calls its argument, it starts nothing.
func EachNode(t *tree, handle func(int)) {
	var wg sync.WaitGroup
	t.each(func(n int) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			handle(n)
		}()
	})
	wg.Wait()
}
