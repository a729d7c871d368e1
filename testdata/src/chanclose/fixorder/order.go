// Package fixorder holds channels that are closed at the wrong time or by the
// wrong goroutine.
package fixorder

import (
	"fmt"
	"sync"
)

// CloserTooLate is repaired by starting the closer before the range.
func CloserTooLate(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	for l := range out { // want "out is closed only after this range"
		n += l
	}
	// All workers have sent.
	go func() {
		wg.Wait()
		close(out)
	}()
	return n
}

// CloseTooLate is repaired by a goroutine in place of the two statements.
func CloseTooLate(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	for l := range out { // want "out is closed only after this range"
		n += l
	}
	wg.Wait()
	close(out)
	return n
}

// CloseDeferred is repaired by a goroutine in place of the deferred close.
func CloseDeferred(lines []string) (n int) {
	out := make(chan int)
	defer close(out)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	for l := range out { // want "out is closed only after this range"
		n += l
	}
	return n
}

// OnlySenderTooLate is repaired by the sender that closes itself.
func OnlySenderTooLate(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			out <- l
		}
	}()
	for range out { // want "out is closed only after this range"
		n++
	}
	close(out)
	return n
}

// WaitFirst is repaired by waiting in a goroutine.
func WaitFirst(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(out)

	fmt.Println("lengths:")
	for l := range out {
		n += l
	}
	return n
}

// WaitFirstThenLook is not repaired: what stands between the close and the
// range may be meant to see the workers done.
func WaitFirstThenLook(lines []string) (n int) {
	out := make(chan int)
	empty := make([]bool, len(lines))
	var wg sync.WaitGroup
	for i, l := range lines {
		wg.Go(func() {
			empty[i] = l == ""
			out <- len(l)
		})
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(out)
	fmt.Println(empty)
	for l := range out {
		n += l
	}
	return n
}

// NoWait is repaired by a Wait above the close.
func NoWait(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	go func() {
		close(out) // want "close of out does not wait"
	}()
	for l := range out {
		n += l
	}
	return n
}

// WaitBelow is repaired by moving the close below the Wait.
func WaitBelow(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	go func() {
		close(out) // want "close of out does not wait"
		wg.Wait()
	}()
	for l := range out {
		n += l
	}
	return n
}

// CloseAtOnce is repaired by a goroutine around the close.
func CloseAtOnce(lines []string) (n int) {
	out := make(chan int, 8)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	close(out) // want "close of out does not wait"
	for l := range out {
		n += l
	}
	return n
}

// CloseForCollector is repaired by a Wait above the close: another goroutine
// receives.
func CloseForCollector(lines []string) (n int) {
	out, done := make(chan int), make(chan bool)
	go func() {
		for l := range out {
			n += l
		}
		done <- true
	}()
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() { out <- len(l) })
	}
	close(out) // want "close of out does not wait"
	<-done
	return n
}

// CloseOutside is repaired by the sender that closes itself.
func CloseOutside(lines []string) <-chan string {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			out <- l
		}
	}() // want +1 "close of out does not wait"
	close(out)
	return out
}

// Print ranges over what CloseOutside returns.
func Print(lines []string) {
	for l := range CloseOutside(lines) {
		fmt.Println(l)
	}
}

// EachCloses is repaired by one close for all workers.
func EachCloses(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Add(1)
		go func() {
			defer wg.Done() // want +1 "close of out by each of the goroutines"
			defer close(out)
			out <- len(l)
		}()
	}
	for l := range out {
		n += l
	}
	return n
}

// EachClosesUncounted is not repaired: nothing tells which worker is the last.
func EachClosesUncounted(lines []string) (n int) {
	out := make(chan int)
	for _, l := range lines {
		go func() {
			defer close(out) // want "close of out by each of the goroutines"
			out <- len(l)
		}()
	}
	for l := range out {
		n += l
	}
	return n
}

// TooLateUncounted is not repaired: nothing tells when the last one has sent.
func TooLateUncounted(lines []string) (n int) {
	out := make(chan int)
	for _, l := range lines {
		go func() { out <- len(l) }()
	}
	for l := range out { // want "out is closed only after this range"
		n += l
	}
	close(out)
	return n
}

// DoneTooEarly is not repaired: a Wait does not wait for the sends.
func DoneTooEarly(lines []string) (n int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Add(1)
		go func() {
			wg.Done()
			out <- len(l)
		}()
	}
	go func() {
		wg.Wait()
		close(out) // want "close of out does not wait"
	}()
	for l := range out {
		n += l
	}
	return n
}
