// Package goodself holds goroutines that wait for a group in which they are not counted, or no longer.
package goodself

import (
	"sync"
)

// Merge is good: the closer is not counted.
func Merge(inputs ...[]int) (sum int) {
	out := make(chan int, 16)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Go(func() {
			for _, v := range in {
				out <- v
			}
		})
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		sum += v
	}
	return sum
}

// A Dir has files and directories.
type Dir struct {
	Name string
	Subs []*Dir
}

// Walk is good: each level counts the levels below, and only the root is waited for.
func Walk(root *Dir, visit func(string)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go walk(root, visit, &wg)
	wg.Wait()
}

func walk(d *Dir, visit func(string), wg *sync.WaitGroup) {
	defer wg.Done()
	visit(d.Name)
	for _, sub := range d.Subs {
		wg.Add(1)
		go walk(sub, visit, wg)
	}
}

// A Server runs handlers until it is shut down.
type Server struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// Serve is good: a failed handler lets another goroutine shut the server down.
func Serve(requests []string, handle func(string) error) {
	s := &Server{stop: make(chan struct{})}
	var once sync.Once
	s.wg.Add(len(requests))
	for _, r := range requests {
		go func() {
			defer s.wg.Done()
			if err := handle(r); err != nil {
				once.Do(func() { go s.shutdown() })
			}
		}()
	}
	s.wg.Wait()
}

func (s *Server) shutdown() {
	close(s.stop)
	s.wg.Wait()
}

// Last is good: the worker that is to print the summary has counted itself down before.
func Last(tasks []func(), summary func()) {
	var wg sync.WaitGroup
	for i, task := range tasks {
		wg.Add(1)
		go func() {
			task()
			wg.Done()
			if i == 0 {
				wg.Wait()
				summary()
			}
		}()
	}
	wg.Wait()
}

// Deferred is good: deferred calls run in reverse, the Done before the Wait.
func Deferred(left, right func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	defer wg.Wait()
	defer wg.Done()
	wg.Go(left)
	right()
}

// Levels is good: each level waits for a group of its own.
func Levels(d *Dir, visit func(string)) {
	var wg sync.WaitGroup
	for _, sub := range d.Subs {
		wg.Go(func() { Levels(sub, visit) })
	}
	wg.Wait()
	visit(d.Name)
}
