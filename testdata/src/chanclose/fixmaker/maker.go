// Package fixmaker holds channels that nobody closes and on which the function
// that makes them sends: it is the one to close them.
package fixmaker

import (
	"errors"
	"sync"
)

var errEmpty = errors.New("empty line")

// AfterLoop is repaired below the loop that sends the jobs.
func AfterLoop(lines []string) {
	jobs := make(chan string)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range jobs { // want "jobs is never closed"
			}
		}()
	}
	for _, l := range lines {
		jobs <- l
	} // the last job

	wg.Wait()
}

// Buffered is repaired between the sends and the range.
func Buffered(a, b string) (n int) {
	both := make(chan string, 2)
	both <- a
	both <- b
	for range both { // want "both is never closed"
		n++
	}
	return n
}

// EachTurn is repaired in the loop that makes a channel in each turn.
func EachTurn(blocks [][]string) {
	for _, lines := range blocks {
		jobs, done := make(chan string), make(chan bool)
		go func() {
			for range jobs { // want "jobs is never closed"
			}
			done <- true
		}()
		for _, l := range lines {
			if l == "" {
				continue
			}
			jobs <- l
		}
		<-done
	}
}

// LeavesEarly is not repaired: a close below the loop would not be reached on
// the error path, and the function waits for the range.
func LeavesEarly(lines []string) error {
	jobs := make(chan string)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range jobs { // want "jobs is never closed"
		}
	}()
	defer wg.Wait()
	for _, l := range lines {
		if l == "" {
			return errEmpty
		}
		jobs <- l
	}
	return nil
}

// SendsAtEnd is not repaired: the values are sent by a deferred function.
func SendsAtEnd(lines []string, ready <-chan bool) {
	jobs := make(chan string)
	done := make(chan bool)
	go func() {
		for range jobs { // want "jobs is never closed"
		}
		close(done)
	}()
	defer func() {
		for _, l := range lines {
			jobs <- l
		}
		<-done
	}()
	<-ready
}
