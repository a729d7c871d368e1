// Package badpaths holds channels that are closed on the usual way through a
// function, but not on every way.
package badpaths

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// Record is one line of an export.
type Record struct {
	Key, Value string
}

var errSyntax = errors.New("syntax error")

func parse(line string) (Record, error) {
	k, v, ok := strings.Cut(line, "=")
	if !ok {
		return Record{}, fmt.Errorf("%w: %q", errSyntax, line)
	}
	return Record{k, v}, nil
}

// ErrorReturnAboveClose is bad: a line that does not parse ends the producer
// above its close.
func ErrorReturnAboveClose(lines []string) (all []Record) {
	recs := make(chan Record)
	go func() {
		for _, l := range lines {
			r, err := parse(l)
			if err != nil {
				return
			}
			recs <- r
		}
		close(recs)
	}()
	for r := range recs { // want "recs is not closed"
		all = append(all, r)
	}
	return all
}

// EmptyInput is bad: the producer returns at once for an empty input, above
// the defer that closes.
func EmptyInput(lines []string) (n int) {
	recs := make(chan Record, 8)
	go func() {
		if len(lines) == 0 {
			return
		}
		defer close(recs)
		for _, l := range lines {
			if r, err := parse(l); err == nil {
				recs <- r
			}
		}
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// ScannerError is bad: the producer closes only if the scanner came to the
// end without an error.
func ScannerError(r io.Reader) (n int, err error) {
	lines := make(chan string)
	errc := make(chan error, 1)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			lines <- sc.Text()
		}
		if err := sc.Err(); err != nil {
			errc <- err
			return
		}
		close(lines)
	}()
	for range lines { // want "lines is not closed"
		n++
	}
	select {
	case err = <-errc:
	default:
	}
	return n, err
}

// OneCaseCloses is bad: the switch closes at the end marker, and forgets the
// abort marker, which ends the producer too.
func OneCaseCloses(lines []string) (n int) {
	recs := make(chan Record)
	go func() {
		for _, l := range lines {
			switch l {
			case "":
				continue
			case "end":
				close(recs)
				return
			case "abort":
				return
			}
			recs <- Record{Value: l}
		}
		close(recs)
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// NestedReturn is bad: the inner loop returns where it should break the outer
// loop; the close stands below both.
func NestedReturn(blocks [][]string) (n int) {
	recs := make(chan Record)
	go func() {
	blocks:
		for _, lines := range blocks {
			for _, l := range lines {
				if l == "skip" {
					continue blocks
				}
				if l == "stop" {
					return
				}
				recs <- Record{Value: l}
			}
		}
		close(recs)
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// SelectLoopCancelled is bad: the case of ctx returns without the close that
// the case of the closed input makes.
func SelectLoopCancelled(ctx context.Context, in <-chan string) (n int) {
	recs := make(chan Record)
	go func() {
		for {
			select {
			case l, ok := <-in:
				if !ok {
					close(recs)
					return
				}
				recs <- Record{Value: l}
			case <-ctx.Done():
				return
			}
		}
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// TimerEndsOpen is bad: the deadline breaks the labelled loop, and the close
// is made only under the condition that everything was read.
func TimerEndsOpen(in <-chan string, patience time.Duration) (n int) {
	recs := make(chan Record)
	go func() {
		complete := false
		deadline := time.After(patience)
	read:
		for {
			select {
			case l, ok := <-in:
				if !ok {
					complete = true
					break read
				}
				recs <- Record{Value: l}
			case <-deadline:
				break read
			}
		}
		if complete {
			close(recs)
		}
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// ConsumerLeftBehind is bad: the consumer is started first; when the file
// cannot be opened the function returns and the consumer stays.
func ConsumerLeftBehind(name string, store func(string)) error {
	rows := make(chan string)
	go func() {
		for row := range rows { // want "rows is not closed"
			store(row)
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		rows <- sc.Text()
	}
	close(rows)
	return sc.Err()
}

// CloseOnlyOnSuccess is bad: the closer closes if no worker failed.
func CloseOnlyOnSuccess(lines []string) (n int) {
	recs := make(chan Record)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for part := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := part; i < len(lines); i += 2 {
				r, err := parse(lines[i])
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				recs <- r
			}
		}()
	}
	go func() {
		wg.Wait()
		if failed == nil {
			close(recs)
		}
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// DeferUnderCondition is bad: the defer is reached only in verbose mode.
func DeferUnderCondition(lines []string, verbose bool) (n int) {
	recs := make(chan Record)
	go func() {
		if verbose {
			fmt.Println("reading", len(lines), "lines")
			defer close(recs)
		}
		for _, l := range lines {
			recs <- Record{Value: l}
		}
	}()
	for range recs { // want "recs is not closed"
		n++
	}
	return n
}

// RetryAbandonsChannel is bad: each attempt makes a new channel and starts a
// printer on it, but only the last attempt's channel is closed.
func RetryAbandonsChannel(fetch func() (string, error)) (err error) {
	for range 3 {
		progress := make(chan string, 1)
		go func() {
			for msg := range progress { // want "progress is not closed"
				fmt.Println(msg)
			}
		}()
		var body string
		body, err = fetch()
		if err != nil {
			continue
		}
		progress <- body
		close(progress)
		return nil
	}
	return err
}

// ReceiveUntilClosed is bad: the reader has no range but waits for ok to be
// false, and the producer returns above the close.
func ReceiveUntilClosed(lines []string) (all []Record) {
	recs := make(chan Record)
	go func() {
		for _, l := range lines {
			r, err := parse(l)
			if err != nil {
				return
			}
			recs <- r
		}
		close(recs)
	}()
	for {
		r, ok := <-recs // want "recs is not closed"
		if !ok {
			return all
		}
		all = append(all, r)
	}
}

// DrainNeverClosed is bad: the loop that should free the late senders never
// ends, because nobody closes recs.
func DrainNeverClosed(parts [][]string) (first Record) {
	recs := make(chan Record)
	for _, lines := range parts[:min(len(parts), 2)] {
		go func() {
			for _, l := range lines {
				recs <- Record{Value: l}
			}
		}()
	}
	first = <-recs
	go func() {
		for range recs { // want "recs is never closed"
		}
	}()
	return first
}
