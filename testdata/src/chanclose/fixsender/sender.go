// Package fixsender holds channels that nobody closes and whose values come
// from one goroutine: it is the one to close them, when it is done.
package fixsender

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Literal is repaired at the begin of the goroutine that sends.
func Literal(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			out <- l
		}
	}()
	for range out { // want "out is never closed"
		n++
	}
	return n
}

// OneLine is repaired by breaking the body into lines.
func OneLine(line string) (n int) {
	out := make(chan string)
	go func() { out <- line }()
	for range out { // want "out is never closed"
		n++
	}
	return n
}

// Parameter is repaired under the name of the literal's parameter, which
// hides the variable.
func Parameter(lines []string) (n int) {
	out := make(chan string)
	go func(out chan<- string) {
		for _, l := range lines {
			out <- l
		}
	}(out)
	for range out { // want "out is never closed"
		n++
	}
	return n
}

// Counted is repaired above the other deferred calls.
func Counted(lines []string) (n int) {
	var wg sync.WaitGroup
	out := make(chan string)
	wg.Add(1)
	go func() {
		// The count is given back whatever happens.
		defer wg.Done()
		for _, l := range lines {
			out <- l
		}
	}()
	for range out { // want "out is never closed"
		n++
	}
	wg.Wait()
	return n
}

// WaitGroupGo is repaired in the literal that wg.Go runs.
func WaitGroupGo(lines []string) (n int) {
	var wg sync.WaitGroup
	var out = make(chan string, 1)
	wg.Go(func() {
		for _, l := range lines {
			out <- l
		}
	})
	for range out { // want "out is never closed"
		n++
	}
	wg.Wait()
	return n
}

// Task is repaired in the task that feeds the others.
func Task(ctx context.Context, lines []string) error {
	g, gctx := errgroup.WithContext(ctx)
	jobs := make(chan string)
	g.Go(func() error {
		for _, l := range lines {
			select {
			case jobs <- l:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for range jobs { // want "jobs is never closed"
		}
		return nil
	})
	return g.Wait()
}

// Stage is repaired in the stage, not in its caller.
func Stage(nums []int) (sum int) {
	for n := range double(nums) { // want "is never closed"
		sum += n
	}
	return sum
}

func double(nums []int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- 2 * n
		}
	}()
	return out
}

// Helper is repaired in the goroutine, not in the helper that sends for it.
func Helper(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			emit(out, l)
		}
	}()
	for range out { // want "out is never closed"
		n++
	}
	return n
}

func emit(out chan<- string, l string) { out <- l }

// Hidden is not repaired: the name close means something else here.
func Hidden(lines []string, close func(string)) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			close(l)
			out <- l
		}
	}()
	for range out { // want "out is never closed"
		n++
	}
	return n
}

// Reused is not repaired: the variable gets another channel later on.
func Reused(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			out <- l
		}
	}()
	for range out { // want "out is never closed"
		n++
	}
	out = nil
	return n
}

// Named is not repaired: other callers of a named function may count on the
// channel to stay open.
func Named(lines []string) (n int) {
	out := make(chan string)
	go produce(lines, out)
	for range out { // want "out is never closed"
		n++
	}
	return n
}

func produce(lines []string, out chan<- string) {
	for _, l := range lines {
		out <- l
	}
}

// Echo is not repaired: the sender ends only when it has got the answer, which
// comes after the range.
func Echo(lines []string) (n int) {
	out, answer := make(chan string), make(chan int)
	go func() {
		for _, l := range lines {
			out <- l
		}
		println(<-answer)
	}()
	for range out { // want "out is never closed"
		n++
	}
	answer <- n
	return n
}

// Comment is not repaired: the body on one line has a comment in it.
func Comment(line string) (n int) {
	out := make(chan string)
	go func() { out <- line /* the only one */ }()
	for range out { // want "out is never closed"
		n++
	}
	return n
}
