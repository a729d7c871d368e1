// Package badlocal holds groups that look local to a goroutine, but are Waited for outside.
package badlocal

import "sync"

// OuterGroup is bad: the group is declared, and Waited for, outside the goroutine that Adds.
func OuterGroup(parts [][]int, handle func(int)) {
	var inner sync.WaitGroup
	done := make(chan struct{}, len(parts))
	for _, part := range parts {
		go func() {
			for _, x := range part {
				inner.Add(1) // want "inner\\.Add"
				go func() {
					defer inner.Done()
					handle(x)
				}()
			}
			done <- struct{}{}
		}()
	}
	inner.Wait()
}

// OuterWaitToo is bad: the goroutine that Adds Waits in order, the outer function does not.
func OuterWaitToo(xs []int, square func(int) int) int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	go func() {
		spread(&wg, xs, square, out)
		wg.Wait()
		close(out)
	}()
	wg.Wait()
	return len(out)
}

// SecondGoroutineWaits is bad: one goroutine Adds, another one Waits and closes.
func SecondGoroutineWaits(xs []int, square func(int) int) int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	go spread(&wg, xs, square, out)
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

func spread(wg *sync.WaitGroup, xs []int, square func(int) int, out chan<- int) {
	for _, x := range xs {
		wg.Add(1) // want "wg\\.Add"
		go func() {
			defer wg.Done()
			out <- square(x)
		}()
	}
}

type job struct {
	wg    sync.WaitGroup
	steps []func()
}

// OuterStruct is bad: the job outlives the goroutine that runs it, and is Waited for here.
func OuterStruct(steps []func()) {
	j := &job{steps: steps}
	go func() {
		for _, step := range j.steps {
			j.wg.Add(1) // want "j\\.wg\\.Add"
			go func() {
				defer j.wg.Done()
				step()
			}()
		}
	}()
	j.wg.Wait()
}

// ShadowedName is bad: the inner group of this name is another one; the Adds go to the outer.
func ShadowedName(xs []int, prepare, handle func(int)) {
	var wg sync.WaitGroup
	go func() {
		{
			var wg sync.WaitGroup
			wg.Add(1)
			go func() {
				defer wg.Done()
				prepare(len(xs))
			}()
			wg.Wait()
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
