// Package goodpaths holds channels that look like those of badpaths and are
// closed on every way, or are not needed any more where they are not closed.
package goodpaths

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
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

// ErrorReturnUnderDefer is good: the error return runs the deferred close.
func ErrorReturnUnderDefer(lines []string) (all []Record) {
	recs := make(chan Record)
	go func() {
		defer close(recs)
		for _, l := range lines {
			r, err := parse(l)
			if err != nil {
				return
			}
			recs <- r
		}
	}()
	for r := range recs {
		all = append(all, r)
	}
	return all
}

// EmptyInput is good: the caller returns as well for an empty input.
func EmptyInput(lines []string) (n int) {
	if len(lines) == 0 {
		return 0
	}
	recs := make(chan Record, 8)
	go func() {
		defer close(recs)
		for _, l := range lines {
			if r, err := parse(l); err == nil {
				recs <- r
			}
		}
	}()
	for range recs {
		n++
	}
	return n
}

// ScannerError is good: close comes before the error is looked at.
func ScannerError(r io.Reader) (n int, err error) {
	lines := make(chan string)
	errc := make(chan error, 1)
	go func() {
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			lines <- sc.Text()
		}
		close(lines)
		errc <- sc.Err()
	}()
	for range lines {
		n++
	}
	return n, <-errc
}

// EveryCaseCloses is good: each of the returns has its close.
func EveryCaseCloses(lines []string) (n int) {
	recs := make(chan Record)
	go func() {
		for _, l := range lines {
			switch l {
			case "":
				continue
			case "end", "abort":
				close(recs)
				return
			}
			recs <- Record{Value: l}
		}
		close(recs)
	}()
	for range recs {
		n++
	}
	return n
}

// NestedBreak is good: the inner loop breaks the outer one, so the close is
// reached.
func NestedBreak(blocks [][]string) (n int) {
	recs := make(chan Record)
	go func() {
	blocks:
		for _, lines := range blocks {
			for _, l := range lines {
				if l == "skip" {
					continue blocks
				}
				if l == "stop" {
					break blocks
				}
				recs <- Record{Value: l}
			}
		}
		close(recs)
	}()
	for range recs {
		n++
	}
	return n
}

// SelectLoop is good: the close is deferred above the select loop.
func SelectLoop(ctx context.Context, in <-chan string) (n int) {
	recs := make(chan Record)
	go func() {
		defer close(recs)
		for {
			select {
			case l, ok := <-in:
				if !ok {
					return
				}
				recs <- Record{Value: l}
			case <-ctx.Done():
				return
			}
		}
	}()
	for range recs {
		n++
	}
	return n
}

// TimerEnds is good: the break of the labelled loop leads to the close.
func TimerEnds(in <-chan string, patience time.Duration) (n int, complete bool) {
	recs := make(chan Record)
	go func() {
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
		close(recs)
	}()
	for range recs {
		n++
	}
	return n, complete
}

// ConsumerStartedLater is good: nothing can fail between the start of the
// consumer and the close.
func ConsumerStartedLater(name string, store func(string)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	rows := make(chan string)
	go func() {
		for row := range rows {
			store(row)
		}
	}()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		rows <- sc.Text()
	}
	close(rows)
	return sc.Err()
}

// ErrorClosesToo is good: the error return closes for the consumer that has
// been started.
func ErrorClosesToo(name string, store func(string)) error {
	rows := make(chan string)
	go func() {
		for row := range rows {
			store(row)
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		close(rows)
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

// FatalEndsAll is good: the way without a close ends the process.
func FatalEndsAll(name string, store func(string)) error {
	rows := make(chan string)
	go func() {
		for row := range rows {
			store(row)
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		log.Fatalf("open %s: %v", name, err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		rows <- sc.Text()
	}
	close(rows)
	return sc.Err()
}

// CloseAlsoOnFailure is good: the closer closes whether a worker failed or
// not.
func CloseAlsoOnFailure(lines []string) (n int, failed error) {
	recs := make(chan Record)
	var wg sync.WaitGroup
	var mu sync.Mutex
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
		if failed != nil {
			fmt.Fprintln(os.Stderr, failed)
		}
		close(recs)
	}()
	for range recs {
		n++
	}
	return n, failed
}

// SameFlag is good: the progress goroutine exists in verbose mode only, and
// the same flag guards the close.
func SameFlag(lines []string, verbose bool) (n int) {
	var progress chan int
	if verbose {
		progress = make(chan int)
		go func() {
			for i := range progress {
				fmt.Println("line", i)
			}
		}()
	}
	for i := range lines {
		if verbose {
			progress <- i
		}
		n++
	}
	if verbose {
		close(progress)
	}
	return n
}

// NilMeansOff is good: instead of the flag, the channel itself tells whether
// the goroutine was started.
func NilMeansOff(lines []string, verbose bool) (n int) {
	var progress chan int
	if verbose {
		progress = make(chan int)
		go func() {
			for i := range progress {
				fmt.Println("line", i)
			}
		}()
	}
	for i := range lines {
		if progress != nil {
			progress <- i
		}
		n++
	}
	if progress != nil {
		close(progress)
	}
	return n
}

// StartedFlag is good: a Boolean that is set where the goroutine starts
// guards the deferred close.
func StartedFlag(lines []string, store func(Record)) error {
	recs := make(chan Record)
	started := false
	defer func() {
		if started {
			close(recs)
		}
	}()
	for _, l := range lines {
		r, err := parse(l)
		if err != nil {
			return err
		}
		if !started {
			started = true
			go func() {
				for r := range recs {
					store(r)
				}
			}()
		}
		recs <- r
	}
	return nil
}

// RetryClosesEach is good: each attempt closes the channel that it made.
func RetryClosesEach(fetch func() (string, error)) (err error) {
	for range 3 {
		progress := make(chan string, 1)
		go func() {
			for msg := range progress {
				fmt.Println(msg)
			}
		}()
		var body string
		body, err = fetch()
		if err != nil {
			close(progress)
			continue
		}
		progress <- body
		close(progress)
		return nil
	}
	return err
}

// ReceiveUntilClosed is good: the reader waits for ok to be false, and the
// producer closes by defer.
func ReceiveUntilClosed(lines []string) (all []Record) {
	recs := make(chan Record)
	go func() {
		defer close(recs)
		for _, l := range lines {
			r, err := parse(l)
			if err != nil {
				return
			}
			recs <- r
		}
	}()
	for {
		r, ok := <-recs
		if !ok {
			return all
		}
		all = append(all, r)
	}
}

// ReadsExactly is good: the producer returns above the close on an error, but
// it has sent the record that makes the reader leave.
func ReadsExactly(lines []string) (all []Record, err error) {
	type item struct {
		rec Record
		err error
	}
	items := make(chan item, 1)
	go func() {
		for _, l := range lines {
			r, err := parse(l)
			items <- item{r, err}
			if err != nil {
				return
			}
		}
		close(items)
	}()
	for it := range items {
		if it.err != nil {
			return all, it.err
		}
		all = append(all, it.rec)
	}
	return all, nil
}

// ErrorChannelInSelect is good: on an error recs stays open, but the reader
// selects on errc as well and returns.
func ErrorChannelInSelect(lines []string) (all []Record, err error) {
	recs := make(chan Record)
	errc := make(chan error, 1)
	go func() {
		for _, l := range lines {
			r, err := parse(l)
			if err != nil {
				errc <- err
				return
			}
			recs <- r
		}
		close(recs)
	}()
	for {
		select {
		case r, ok := <-recs:
			if !ok {
				return all, nil
			}
			all = append(all, r)
		case err := <-errc:
			return all, err
		}
	}
}

// PanicIsAPath is good: a deferred close with recover closes also when parse
// panics.
func PanicIsAPath(lines []string, conv func(string) Record) (n int, err error) {
	recs := make(chan Record)
	go func() {
		defer close(recs)
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("conversion: %v", p)
			}
		}()
		for _, l := range lines {
			recs <- conv(l)
		}
	}()
	for range recs {
		n++
	}
	return n, err
}
