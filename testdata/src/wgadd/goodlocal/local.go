// Package goodlocal holds goroutines that Add to, and Wait for, a group of their own.
package goodlocal

import "sync"

// NestedGroup is good: the inner group is declared in the goroutine that Adds and Waits (trap 3).
func NestedGroup(parts [][]int, handle func(int)) {
	done := make(chan struct{}, len(parts))
	for _, part := range parts {
		go func() {
			var inner sync.WaitGroup
			for _, x := range part {
				inner.Add(1)
				go func() {
					defer inner.Done()
					handle(x)
				}()
			}
			inner.Wait()
			done <- struct{}{}
		}()
	}
	for range parts {
		<-done
	}
}

// AddAndWaitInside is good: the group is declared outside, but the goroutine that Adds is the
// only one that Waits (trap 4).
func AddAndWaitInside(xs []int, square func(int) int) int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	go func() {
		spread(&wg, xs, square, out)
		wg.Wait()
		close(out)
	}()
	sum := 0
	for n := range out {
		sum += n
	}
	return sum
}

func spread(wg *sync.WaitGroup, xs []int, square func(int) int, out chan<- int) {
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- square(x)
		}()
	}
}

// SpreadThenClose is good: the Adds are made by the function that starts the closer.
func SpreadThenClose(xs []int, square func(int) int) int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	spread(&wg, xs, square, out)
	go func() {
		wg.Wait()
		close(out)
	}()
	sum := 0
	for n := range out {
		sum += n
	}
	return sum
}

type job struct {
	wg    sync.WaitGroup
	steps []func()
}

// run adds and waits in one goroutine, whichever that is.
func (j *job) run() {
	for _, step := range j.steps {
		j.wg.Add(1)
		go func() {
			defer j.wg.Done()
			step()
		}()
	}
	j.wg.Wait()
}

// StructPerGoroutine is good: each goroutine makes its own job, whose run Adds and Waits.
func StructPerGoroutine(lists [][]func(), done func()) {
	for _, steps := range lists {
		go func() {
			defer done()
			j := &job{steps: steps}
			j.run()
		}()
	}
}

// InnerShadows is good: the Adds go to the inner group of the name, which is Waited for inside.
func InnerShadows(xs []int, handle func(int)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		func() {
			var wg sync.WaitGroup
			defer wg.Wait()
			for _, x := range xs {
				wg.Add(1)
				go func() {
					defer wg.Done()
					handle(x)
				}()
			}
		}()
	}()
	wg.Wait()
}

// NewPerConnection is good: session runs in its own goroutine and keeps its group to itself.
func NewPerConnection(conns <-chan []string, answer func(string)) {
	for reqs := range conns {
		go session(reqs, answer)
	}
}

func session(reqs []string, answer func(string)) {
	wg := &sync.WaitGroup{}
	defer wg.Wait()
	for _, r := range reqs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			answer(r)
		}()
	}
}
