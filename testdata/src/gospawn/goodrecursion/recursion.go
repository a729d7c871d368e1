// Package goodrecursion holds functions that start themselves in goroutines
// with a limit.
package goodrecursion

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// walk is good: a token is needed for a goroutine; without one the directory
// is walked here.
func walk(dir string, sem chan struct{}, sizes chan<- int64, wg *sync.WaitGroup) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() {
			if info, err := e.Info(); err == nil {
				sizes <- info.Size()
			}
			continue
		}
		sub := filepath.Join(dir, e.Name())
		select {
		case sem <- struct{}{}:
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer func() { <-sem }()
				walk(sub, sem, sizes, wg)
			}()
		default:
			walk(sub, sem, sizes, wg)
		}
	}
}

// DiskUsage sums the sizes of a tree.
func DiskUsage(root string) (total int64) {
	sizes := make(chan int64)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		walk(root, make(chan struct{}, 8), sizes, &wg)
	}()
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for n := range sizes {
		total += n
	}
	return total
}

// SortDepth is good: below the given depth it sorts in the same goroutine.
func SortDepth(xs []int, depth int) {
	if len(xs) < 2 {
		return
	}
	if depth <= 0 {
		slices.Sort(xs)
		return
	}
	p := partition(xs)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		SortDepth(xs[:p], depth-1)
	}()
	SortDepth(xs[p+1:], depth-1)
	wg.Wait()
}

// SortLarge is good: only parts that are worth it get a goroutine.
func SortLarge(xs []int) {
	if len(xs) < 1<<13 {
		slices.Sort(xs)
		return
	}
	p := partition(xs)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		SortLarge(xs[:p])
	}()
	SortLarge(xs[p+1:])
	wg.Wait()
}

func partition(xs []int) int {
	last, p := len(xs)-1, 0
	for i := range last {
		if xs[i] < xs[last] {
			xs[i], xs[p] = xs[p], xs[i]
			p++
		}
	}
	xs[p], xs[last] = xs[last], xs[p]
	return p
}

// Node is a node of a tree.
type Node struct {
	Name     string
	Children []*Node
}

// Visit is good: the recursion is synchronous; it runs in one of the four
// goroutines that VisitAll starts.
func (n *Node) Visit(f func(*Node)) {
	f(n)
	for _, c := range n.Children {
		c.Visit(f)
	}
}

// VisitAll visits four trees.
func VisitAll(roots [4]*Node, f func(*Node)) {
	var wg sync.WaitGroup
	for _, r := range roots {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.Visit(f)
		}()
	}
	wg.Wait()
}

// Crawl is good: four workers share a list of what is still to visit.
func Crawl(start string, links func(string) []string) int {
	var mu sync.Mutex
	seen := map[string]bool{start: true}
	todo := []string{start}
	busy := 0
	cond := sync.NewCond(&mu)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for len(todo) == 0 && busy > 0 {
					cond.Wait()
				}
				if len(todo) == 0 {
					cond.Broadcast()
					return
				}
				url := todo[len(todo)-1]
				todo = todo[:len(todo)-1]
				busy++
				mu.Unlock()
				found := links(url)
				mu.Lock()
				busy--
				for _, l := range found {
					if !seen[l] {
						seen[l] = true
						todo = append(todo, l)
					}
				}
				cond.Broadcast()
			}
		})
	}
	wg.Wait()
	return len(seen)
}

// Restart is good: the goroutine starts its own successor, one at a time.
func Restart(run func() error) {
	go func() {
		if err := run(); err != nil {
			Restart(run)
		}
	}()
}
