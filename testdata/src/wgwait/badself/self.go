// Package badself holds goroutines that wait for a group in which they are counted themselves.
package badself

import (
	"sync"
)

// Merge is bad: the closer is one of those that it waits for.
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
	wg.Go(func() {
		wg.Wait() // want "wg.Wait blocks forever"
		close(out)
	})
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

// Walk is bad, though nothing is reported here: each level waits for the levels below while it is counted itself.
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
	wg.Wait() // want "wg.Wait blocks forever"
}

// A Server runs handlers until it is shut down.
type Server struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// Serve is bad, though nothing is reported here: a failed handler shuts the server down, which waits for that handler.
func Serve(requests []string, handle func(string) error) {
	s := &Server{stop: make(chan struct{})}
	var once sync.Once
	s.wg.Add(len(requests))
	for _, r := range requests {
		go func() {
			defer s.wg.Done()
			if err := handle(r); err != nil {
				once.Do(s.shutdown)
			}
		}()
	}
	s.wg.Wait()
}

func (s *Server) shutdown() {
	close(s.stop)
	s.wg.Wait() // want "s.wg.Wait blocks forever"
}

// Last is bad: the worker that is to print the summary waits for all workers.
func Last(tasks []func(), summary func()) {
	var wg sync.WaitGroup
	for i, task := range tasks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			task()
			if i == 0 {
				wg.Wait() // want "wg.Wait blocks forever"
				summary()
			}
		}()
	}
	wg.Wait()
}

// Deferred is bad: deferred calls run in reverse, the Wait before the Done.
func Deferred(left, right func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	defer wg.Done()
	defer wg.Wait() // want "wg.Wait blocks forever"
	wg.Go(left)
	right()
}
