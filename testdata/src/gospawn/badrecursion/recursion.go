// Package badrecursion holds functions that start themselves in a goroutine
// for every part of an input without a limit.
package badrecursion

import (
	"os"
	"path/filepath"
	"sync"
)

// walk is bad: each directory of the tree gets a goroutine, however many
// there are.
func walk(dir string, sizes chan<- int64, wg *sync.WaitGroup) {
	defer wg.Done()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() {
			wg.Add(1)
			go walk(filepath.Join(dir, e.Name()), sizes, wg) // want "goroutine per"
			continue
		}
		if info, err := e.Info(); err == nil {
			sizes <- info.Size()
		}
	}
}

// DiskUsage sums the sizes of a tree.
func DiskUsage(root string) (total int64) {
	sizes := make(chan int64)
	var wg sync.WaitGroup
	wg.Add(1)
	go walk(root, sizes, &wg)
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for n := range sizes {
		total += n
	}
	return total
}

// Crawl is bad: the closure calls itself in a goroutine for each link.
func Crawl(start string, links func(string) []string) int {
	var mu sync.Mutex
	seen := map[string]bool{start: true}
	var wg sync.WaitGroup
	var visit func(url string)
	visit = func(url string) {
		defer wg.Done()
		for _, l := range links(url) {
			mu.Lock()
			fresh := !seen[l]
			seen[l] = true
			mu.Unlock()
			if fresh {
				wg.Add(1)
				go visit(l) // want "goroutine per"
			}
		}
	}
	wg.Add(1)
	visit(start)
	wg.Wait()
	return len(seen)
}

// Node is a node of a tree.
type Node struct {
	Name     string
	Children []*Node
}

// Visit is bad: a method that spawns itself for each child.
func (n *Node) Visit(f func(*Node)) {
	f(n)
	var wg sync.WaitGroup
	for _, c := range n.Children {
		wg.Add(1)
		go func() { // want "goroutine per"
			defer wg.Done()
			c.Visit(f)
		}()
	}
	wg.Wait()
}

// Sort is bad: two goroutines for each split, down to single elements.
func Sort(xs []int) {
	if len(xs) < 2 {
		return
	}
	p := partition(xs)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // want "goroutine per"
		defer wg.Done()
		Sort(xs[:p])
	}()
	Sort(xs[p+1:])
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

// Not run: a number of goroutines without a bound is no leak, and ends well as long as the memory lasts.
