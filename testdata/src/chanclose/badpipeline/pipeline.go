// Package badpipeline holds pipelines of which one stage does not close its
// output, or not on every way out.
package badpipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

func generate(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}

func lines(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			out <- sc.Text()
		}
	}()
	return out
}

// SourceStaysOpen is bad: lines sends everything and returns without closing
// the channel that it returned.
func SourceStaysOpen(r io.Reader) (n int) {
	for line := range lines(r) { // want "never closed"
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			out <- n * n
		}
	}()
	return out
}

// LastStageStaysOpen is bad: the source is closed, but square does not pass
// the end on.
func LastStageStaysOpen(nums []int) (sum int) {
	squares := square(generate(nums...))
	for n := range squares { // want "(squares|out) is never closed"
		sum += n
	}
	return sum
}

func addOne(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			out <- n + 1
		}
	}()
	return out
}

func half(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in { // want "(in|out) is never closed"
			out <- n / 2
		}
	}()
	return out
}

// MiddleStageStaysOpen is bad: addOne does not close, so the stage after it
// waits forever and the whole pipeline with it.
func MiddleStageStaysOpen(nums []int) (sum int) {
	c := half(addOne(generate(nums...)))
	for range nums {
		sum += <-c
	}
	return sum
}

func parse(in <-chan string) (<-chan int, <-chan error) {
	out := make(chan int)
	errc := make(chan error, 1)
	go func() {
		for s := range in {
			n, err := strconv.Atoi(s)
			if err != nil {
				errc <- err
				return
			}
			out <- n
		}
		close(out)
	}()
	return out, errc
}

// StageFailsOpen is bad: parse returns above its close when a field is no
// number, and the caller never gets to errc.
func StageFailsOpen(fields []string) (sum int, err error) {
	in := make(chan string, len(fields))
	for _, f := range fields {
		in <- f
	}
	close(in)
	nums, errc := parse(in)
	for n := range nums { // want "(nums|out) is not closed"
		sum += n
	}
	select {
	case err = <-errc:
	default:
	}
	return sum, err
}

func count(ctx context.Context, limit int) <-chan int {
	out := make(chan int)
	go func() {
		for i := range limit {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
		close(out)
	}()
	return out
}

// StageCancelledOpen is bad: when ctx ends, count returns without closing,
// and the caller ranges without looking at ctx.
func StageCancelledOpen(ctx context.Context, limit int) (sum int) {
	for n := range count(ctx, limit) { // want "is not closed"
		sum += n
	}
	return sum
}

// DecodeErrorLeavesOpen is bad: the decoder goroutine reports the error on
// errc and returns above close(recs), which the caller ranges over first.
func DecodeErrorLeavesOpen(r io.Reader) (all []json.RawMessage, err error) {
	recs := make(chan json.RawMessage)
	errc := make(chan error, 1)
	go func() {
		dec := json.NewDecoder(r)
		for dec.More() {
			var m json.RawMessage
			if err := dec.Decode(&m); err != nil {
				errc <- err
				return
			}
			recs <- m
		}
		errc <- nil
		close(recs)
	}()
	for m := range recs { // want "recs is not closed"
		all = append(all, m)
	}
	return all, <-errc
}

// TeeClosesOneSide is bad: the splitter closes the left output only; the
// goroutine that ranges over the right one stays.
func TeeClosesOneSide(nums []int) (sum int) {
	left, right := make(chan int), make(chan int, len(nums))
	var evens []int
	go func() {
		for n := range right { // want "right is never closed"
			if n%2 == 0 {
				evens = append(evens, n)
			}
		}
	}()
	go func() {
		defer close(left)
		for n := range generate(nums...) {
			left <- n
			right <- n
		}
	}()
	for n := range left {
		sum += n
	}
	return sum
}

// StagesInOneFunction is bad: all stages are started here, but the second
// forgets to close words when raw ends.
func StagesInOneFunction(text string) (longest int) {
	raw := make(chan string)
	words := make(chan string)
	sizes := make(chan int)
	go func() {
		defer close(raw)
		for line := range strings.Lines(text) {
			raw <- line
		}
	}()
	go func() {
		for line := range raw {
			for _, w := range strings.Fields(line) {
				words <- w
			}
		}
	}()
	go func() {
		for w := range words { // want "words is never closed"
			sizes <- len(w)
		}
	}()
	for range len(strings.Fields(text)) {
		longest = max(longest, <-sizes)
	}
	return longest
}

// mapStage applies f to every element of in.
func mapStage[T, U any](in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		for v := range in {
			out <- f(v)
		}
	}()
	return out
}

// GenericStageStaysOpen is bad: the generic stage never closes its output.
func GenericStageStaysOpen(nums []int) string {
	var sb strings.Builder
	for s := range mapStage(generate(nums...), strconv.Itoa) { // want "never closed"
		sb.WriteString(s)
	}
	return sb.String()
}
