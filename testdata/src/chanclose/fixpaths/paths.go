// Package fixpaths holds channels that are closed on some paths of their
// sender, and that a deferred close closes on all.
package fixpaths

import (
	"errors"
	"strconv"
)

var errEmpty = errors.New("empty line")

// AboveClose is repaired: the return passes the close by.
func AboveClose(lines []string) (sum int) {
	nums := make(chan int)
	go func() {
		for _, l := range lines {
			n, err := strconv.Atoi(l)
			if err != nil {
				return
			}
			nums <- n
		}

		close(nums)
	}()
	for n := range nums { // want "nums is not closed"
		sum += n
	}
	return sum
}

// TwoCloses is repaired: one close for both ways to the end.
func TwoCloses(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			switch l {
			case "end":
				close(out)
				return
			case "abort":
				return
			}
			out <- l
		}
		close(out)
	}()
	for range out { // want "out is not closed"
		n++
	}
	return n
}

// DeferBelow is repaired: the defer comes too late for an empty input.
func DeferBelow(lines []string) (n int) {
	out := make(chan string)
	go func() {
		if len(lines) == 0 {
			return
		}
		defer close(out)
		for _, l := range lines {
			out <- l
		}
	}()
	for range out { // want "out is not closed"
		n++
	}
	return n
}

// NamedSender is repaired in the function that nothing else uses.
func NamedSender(lines []string) (sum int) {
	nums := make(chan int)
	go parse(lines, nums)
	for n := range nums { // want "nums is not closed"
		sum += n
	}
	return sum
}

func parse(lines []string, nums chan<- int) {
	for _, l := range lines {
		n, err := strconv.Atoi(l)
		if err != nil {
			return
		}
		nums <- n
	}
	close(nums)
}

// Feeder is repaired where the channel is made: the function does not wait
// for the range to end.
func Feeder(lines []string, use func(string)) error {
	jobs := make(chan string)
	go func() {
		for l := range jobs { // want "jobs is not closed"
			use(l)
		}
	}()
	for _, l := range lines {
		if l == "" {
			return errEmpty
		}
		jobs <- l
	}
	close(jobs)
	return nil
}

// ErrorInBuffer is repaired: the error has its place in the buffer, so the
// sender need not wait until it is received.
func ErrorInBuffer(lines []string) (sum int, err error) {
	nums := make(chan int)
	errc := make(chan error, 1)
	go func() {
		for _, l := range lines {
			n, err := strconv.Atoi(l)
			if err != nil {
				errc <- err
				return
			}
			nums <- n
		}
		errc <- nil
		close(nums)
	}()
	for n := range nums { // want "nums is not closed"
		sum += n
	}
	return sum, <-errc
}

// ErrorUnbuffered is not repaired: the sender waits for somebody to receive
// the error, which nobody does before the range has ended.
func ErrorUnbuffered(lines []string) (sum int, err error) {
	nums := make(chan int)
	errc := make(chan error)
	go func() {
		for _, l := range lines {
			n, err := strconv.Atoi(l)
			if err != nil {
				errc <- err
				return
			}
			nums <- n
		}
		close(nums)
		errc <- nil
	}()
	for n := range nums { // want "nums is not closed"
		sum += n
	}
	return sum, <-errc
}

// AwaitedFeeder is not repaired: a deferred close would come after the
// receive that waits for the range to end.
func AwaitedFeeder(lines []string, use func(string)) (err error) {
	jobs, done := make(chan string), make(chan bool)
	go func() {
		for l := range jobs { // want "jobs is not closed"
			use(l)
		}
		close(done)
	}()
	defer func() { <-done }()
	for _, l := range lines {
		if l == "" {
			return errEmpty
		}
		jobs <- l
	}
	close(jobs)
	return nil
}

// OnCondition is not repaired: the condition would have nothing left to do.
func OnCondition(lines []string, end bool) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			out <- l
		}
		if end {
			close(out)
		}
	}()
	for range out { // want "out is not closed"
		n++
	}
	return n
}

// Explained is not repaired: the comment would lose its statement.
func Explained(lines []string) (n int) {
	out := make(chan string)
	go func() {
		for _, l := range lines {
			if l == "" {
				return
			}
			out <- l
		}
		// Nothing comes after the last line.
		close(out)
	}()
	for range out { // want "out is not closed"
		n++
	}
	return n
}

// EachTurn is not repaired: a deferred close in a loop comes too late.
func EachTurn(blocks [][]string, use func(string)) error {
	for _, lines := range blocks {
		jobs := make(chan string)
		go func() {
			for l := range jobs { // want "jobs is not closed"
				use(l)
			}
		}()
		for _, l := range lines {
			if l == "" {
				return errEmpty
			}
			jobs <- l
		}
		close(jobs)
	}
	return nil
}
