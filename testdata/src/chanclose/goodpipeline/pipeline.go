// Package goodpipeline holds pipelines that look like those of badpipeline and
// pass the end of the input on to the last stage.
package goodpipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// Generate is good: it closes after the last element; the caller ranges.
func Generate(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}

// Lines is good: the channel is closed by defer in its only sender.
func Lines(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			out <- sc.Text()
		}
	}()
	return out
}

// CountLines is good: it ranges over a channel that Lines closes.
func CountLines(r io.Reader) (n int) {
	for line := range Lines(r) {
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
		close(out)
	}()
	return out
}

// SumOfSquares is good: every stage closes, the reader never leaves early.
func SumOfSquares(nums []int) (sum int) {
	squares := square(Generate(nums...))
	for n := range squares {
		sum += n
	}
	return sum
}

func parse(in <-chan string) (<-chan int, <-chan error) {
	out := make(chan int)
	errc := make(chan error, 1)
	go func() {
		defer close(out)
		for s := range in {
			n, err := strconv.Atoi(s)
			if err != nil {
				errc <- err
				return
			}
			out <- n
		}
	}()
	return out, errc
}

// StageFailsClosed is good: parse closes its output by defer, also when it
// returns on an error.
func StageFailsClosed(fields []string) (sum int, err error) {
	in := make(chan string, len(fields))
	for _, f := range fields {
		in <- f
	}
	close(in)
	nums, errc := parse(in)
	for n := range nums {
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

// ReaderWatchesContext is good: count may return without closing, but only
// when ctx ends, and then the reader leaves too.
func ReaderWatchesContext(ctx context.Context, limit int) (sum int, err error) {
	nums := count(ctx, limit)
	for {
		select {
		case n, ok := <-nums:
			if !ok {
				return sum, nil
			}
			sum += n
		case <-ctx.Done():
			return sum, ctx.Err()
		}
	}
}

// DecodeErrorThenClose is good: the error is sent on a channel with room for
// it, and the records are closed on every exit.
func DecodeErrorThenClose(r io.Reader) (all []json.RawMessage, err error) {
	recs := make(chan json.RawMessage)
	errc := make(chan error, 1)
	go func() {
		defer close(recs)
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
	}()
	for m := range recs {
		all = append(all, m)
	}
	return all, <-errc
}

// ErrorInElement is good: the error travels as the last element and the
// reader returns at it, so the missing close on that path is not missed.
func ErrorInElement(r io.Reader) (all []json.RawMessage, err error) {
	type rec struct {
		msg json.RawMessage
		err error
	}
	recs := make(chan rec)
	go func() {
		dec := json.NewDecoder(r)
		for dec.More() {
			var m json.RawMessage
			if err := dec.Decode(&m); err != nil {
				recs <- rec{err: err}
				return
			}
			recs <- rec{msg: m}
		}
		close(recs)
	}()
	for c := range recs {
		if c.err != nil {
			return all, c.err
		}
		all = append(all, c.msg)
	}
	return all, nil
}

// TeeClosesBothSides is good: one defer closes both outputs.
func TeeClosesBothSides(nums []int) (sum int) {
	left, right := make(chan int), make(chan int)
	evens := make(chan int, 1)
	go func() {
		n := 0
		for v := range right {
			if v%2 == 0 {
				n++
			}
		}
		evens <- n
	}()
	go func() {
		defer func() {
			close(left)
			close(right)
		}()
		for n := range Generate(nums...) {
			left <- n
			right <- n
		}
	}()
	for n := range left {
		sum += n
	}
	return sum - <-evens
}

// StagesInOneFunction is good: each of the stages closes its output.
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
		defer close(words)
		for line := range raw {
			for _, w := range strings.Fields(line) {
				words <- w
			}
		}
	}()
	go func() {
		defer close(sizes)
		for w := range words {
			sizes <- len(w)
		}
	}()
	for n := range sizes {
		longest = max(longest, n)
	}
	return longest
}

// MapStage is good: the generic stage closes its output; its result may be
// ranged over by anyone.
func MapStage[T, U any](in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		defer close(out)
		for v := range in {
			out <- f(v)
		}
	}()
	return out
}

// JoinGeneric is good: it ranges over the output of a generic stage.
func JoinGeneric(nums []int) string {
	var sb strings.Builder
	for s := range MapStage(Generate(nums...), strconv.Itoa) {
		sb.WriteString(s)
	}
	return sb.String()
}

// EndlessSource is good: ticks never ends, and its reader leaves the range at
// the first element that is large enough.
func EndlessSource(ctx context.Context, limit int) (n int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ticks := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case ticks <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for n = range ticks {
		if n >= limit {
			break
		}
	}
	return n
}

// TakeFirst is good: the labelled break leaves the range over a channel that
// nobody closes.
func TakeFirst(ctx context.Context, words [][]string, prefix string) (found string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	feed := make(chan string)
	go func() {
		for {
			for _, ws := range words {
				for _, w := range ws {
					select {
					case feed <- w:
					case <-ctx.Done():
						return
					}
				}
			}
			select {
			case feed <- prefix:
			case <-ctx.Done():
				return
			}
		}
	}()
search:
	for w := range feed {
		switch {
		case strings.HasPrefix(w, prefix):
			found = w
			break search
		case w == "":
			continue search
		}
	}
	return found
}
