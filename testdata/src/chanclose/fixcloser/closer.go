// Package fixcloser holds channels that nobody closes and on which several
// goroutines send, counted by a WaitGroup.
package fixcloser

import "sync"

// BeforeRange is repaired by a goroutine that waits and closes.
func BeforeRange(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- len(l)
		}()
	}

	// Add up.
	for l := range out { // want "out is never closed"
		n += l
	}
	return n
}

// WaitBelow is repaired in the same way; its own Wait then has nothing to
// wait for.
func WaitBelow(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	for l := range out { // want "out is never closed"
		n += l
	}
	wg.Wait()
	return n
}

// WaitAbove is repaired below the Wait: there is room for all values.
func WaitAbove(lines []string) (n int) {
	out := make(chan int, len(lines))
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Add(1)
		go send(&wg, out, l)
	}
	wg.Wait()
	for l := range out { // want "out is never closed"
		n += l
	}
	return n
}

func send(wg *sync.WaitGroup, out chan<- int, l string) {
	defer wg.Done()
	out <- len(l)
}

// Collector is repaired below the Wait of the function that starts both the
// senders and the goroutine that receives.
func Collector(lines []string) (n int) {
	out := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for l := range out { // want "out is never closed"
			n += l
		}
	}()
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	wg.Wait()
	<-done
	return n
}

// OnlyWaits is repaired in the goroutine that waits already.
func OnlyWaits(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	go func() { wg.Wait() }()
	for l := range out { // want "out is never closed"
		n += l
	}
	return n
}

// Merged is repaired in merge, below the last start.
func Merged(a, b <-chan int) (sum int) {
	for n := range merge(a, b) { // want "is never closed"
		sum += n
	}
	return sum
}

func merge(inputs ...<-chan int) <-chan int {
	var wg sync.WaitGroup
	out := make(chan int)
	for _, in := range inputs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range in {
				out <- n
			}
		}()
	}
	return out
}

// Uncounted is not repaired: one of the two senders is not counted.
func Uncounted(a, b string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { out <- len(a) })
	go func() { out <- len(b) }()
	for l := range out { // want "out is never closed"
		n += l
	}
	wg.Wait()
	return n
}

// NoGroup is not repaired: nothing tells when the last sender is done.
func NoGroup(lines []string) (n int) {
	out := make(chan int)
	for _, l := range lines {
		go func() { out <- len(l) }()
	}
	for l := range out { // want "out is never closed"
		n += l
	}
	return n
}

// Result is not repaired: the last sender is counted until it gets the sum,
// which comes after the range.
func Result(lines []string) (n int) {
	out, sum := make(chan int), make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	wg.Go(func() { println("sum", <-sum) })
	for l := range out { // want "out is never closed"
		n += l
	}
	sum <- n
	wg.Wait()
	return n
}

// Receiver is not repaired: the goroutine that ranges is counted as well, so a
// Wait would not return before it ends.
func Receiver(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	wg.Go(func() {
		for l := range out { // want "out is never closed"
			n += l
		}
	})
	wg.Wait()
	return n
}
