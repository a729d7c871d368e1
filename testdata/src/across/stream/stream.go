// Package stream is a library: what it starts, and what has to be done about it, its
// callers have to know.
package stream

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Lines sends the lines of r until all are taken.
func Lines(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		s := bufio.NewScanner(r)
		for s.Scan() {
			out <- s.Text()
		}
	}()
	return out
}

// Count sends numbers until the context is done.
func Count(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 0; ; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// A Log writes records in a goroutine of its own.
type Log struct {
	records chan string
	quit    chan struct{}
	done    chan struct{}
	name    string
	written int
}

// ErrName is the error of a log without a name.
var ErrName = errors.New("no name")

// Open returns a log, which must be closed.
func Open(name string) (*Log, error) {
	if name == "" {
		return nil, ErrName
	}
	l := &Log{records: make(chan string), quit: make(chan struct{}), done: make(chan struct{}), name: name}
	go l.run()
	return l, nil
}

func (l *Log) run() {
	defer close(l.done)
	for {
		select {
		case r := <-l.records:
			l.written += len(r)
			fmt.Println(l.name, r)
		case <-l.quit:
			return
		}
	}
}

// Write writes a record.
func (l *Log) Write(r string) {
	select {
	case l.records <- r:
	case <-l.done:
	}
}

// Close ends the goroutine and waits for it.
func (l *Log) Close() error {
	close(l.quit)
	<-l.done
	return nil
}

// Work does one job and tells the group, but forgets it for an empty one.
func Work(wg *sync.WaitGroup, job string) {
	if job == "" {
		return
	}
	fmt.Println(job)
	wg.Done()
}

// WorkAll does one job and tells the group.
func WorkAll(wg *sync.WaitGroup, job string) {
	defer wg.Done()
	if job == "" {
		return
	}
	fmt.Println(job)
}

// Spawn runs f in a goroutine of its own.
func Spawn(f func()) {
	go f()
}

// Call runs f and returns.
func Call(f func()) {
	f()
}

// Drain takes all values.
func Drain[T any](in <-chan T) {
	for range in {
	}
}

// Send sends what it is given.
func Send(out chan<- string, values ...string) {
	for _, v := range values {
		out <- v
	}
}
