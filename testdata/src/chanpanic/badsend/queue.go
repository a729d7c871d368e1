// Package badsend holds sends that follow the close of their channel in the
// same goroutine, by way of several functions or methods.
package badsend

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"sync"
)

// A Queue is a buffered channel with methods.
type Queue[T any] struct {
	items chan T
}

// NewQueue returns an empty queue.
func NewQueue[T any](size int) *Queue[T] { return &Queue[T]{make(chan T, size)} }

// Push appends v.
func (q *Queue[T]) Push(v T) {
	q.items <- v // want "send on closed channel q.items"
}

// Close ends the queue.
func (q *Queue[T]) Close() { close(q.items) }

// Refill is bad: the rejected items are pushed on a queue that is closed.
func Refill(items []int, accept func(int) bool) *Queue[int] {
	q := NewQueue[int](2 * len(items))
	var rejected []int
	for _, v := range items {
		if accept(v) {
			q.Push(v)
		} else {
			rejected = append(rejected, v)
		}
	}
	q.Close()
	for _, v := range rejected {
		q.Push(v)
	}
	return q
}

// A Logger writes its lines in a goroutine.
type Logger struct {
	lines chan string
	wg    sync.WaitGroup
}

// NewLogger starts the writer.
func NewLogger(w io.Writer) *Logger {
	l := &Logger{lines: make(chan string, 16)}
	l.wg.Add(1)
	go l.write(w)
	return l
}

func (l *Logger) write(w io.Writer) {
	defer l.wg.Done()
	for line := range l.lines {
		io.WriteString(w, line+"\n")
	}
}

// Print queues a line.
func (l *Logger) Print(line string) {
	l.lines <- line // want "send on closed channel l.lines"
}

// Close writes what is queued.
func (l *Logger) Close() {
	close(l.lines)
	l.wg.Wait()
}

// Run is bad: deferred calls run last in, first out, so the logger is closed
// when the last line is printed.
func Run(w io.Writer, task func() error) error {
	log := NewLogger(w)
	defer log.Print("done")
	defer log.Close()
	log.Print("start")
	return task()
}

// Shell is bad: "exit" closes the input but does not leave the loop.
func Shell(script string, input chan<- string) error {
	s := bufio.NewScanner(strings.NewReader(script))
	for s.Scan() {
		line := strings.TrimSpace(s.Text())
		if line == "exit" {
			close(input)
		}
		input <- line // want "send on closed channel input"
	}
	return s.Err()
}

// A Result is what a scan found, or the error that ended it.
type Result struct {
	Name string
	Err  error
}

func scanDir(names []string, out chan<- Result) error {
	defer close(out)
	for _, name := range names {
		if name == "" {
			return errors.New("empty name")
		}
		out <- Result{Name: name}
	}
	return nil
}

// Scan is bad: scanDir owns out and has closed it when it returns its error.
func Scan(names []string) <-chan Result {
	out := make(chan Result, len(names)+1)
	if err := scanDir(names, out); err != nil {
		out <- Result{Err: err} // want "send on closed channel out"
	}
	return out
}

// A Node is one of a sorted tree.
type Node struct {
	Left, Right *Node
	Value       int
}

// Walk is bad, though nothing is reported here: each call closes out, also those for the subtrees.
func Walk(n *Node, out chan<- int) {
	defer close(out)
	if n == nil {
		return
	}
	Walk(n.Left, out)
	out <- n.Value
	Walk(n.Right, out)
}

// A Batcher collects lines and sends them in batches.
type Batcher struct {
	out    chan []string
	batch  []string
	closed bool
}

func (b *Batcher) flush() {
	if len(b.batch) > 0 {
		b.out <- b.batch // want "send on closed channel b.out"
		b.batch = nil
	}
}

// Add appends a line to the batch.
func (b *Batcher) Add(line string) {
	b.batch = append(b.batch, line)
	if len(b.batch) == 8 {
		b.flush()
	}
}

// Close is bad: the last batch is flushed after the close.
func (b *Batcher) Close() {
	if b.closed {
		return
	}
	b.closed = true
	close(b.out)
	b.flush()
}

// Phases is bad: the failed phase ends the loop over the steps, not that over
// the phases.
func Phases(phases [][]func() error) <-chan error {
	errs := make(chan error, len(phases))
	for _, steps := range phases {
		var err error
		for _, step := range steps {
			if err = step(); err != nil {
				close(errs)
				break
			}
		}
		errs <- err // want "send on closed channel errs"
	}
	return errs
}

// progress returns functions that report and finish, and what they report.
func progress(n int) (report func(int), finish func(), c <-chan int) {
	updates := make(chan int, n+1)
	return func(i int) {
		updates <- i // want "send on closed channel updates"
	}, func() { close(updates) }, updates
}

// Copy is bad: it reports the end after it has finished.
func Copy(n int, step func(int)) int {
	report, finish, c := progress(n)
	for i := range n {
		step(i)
		report(i)
	}
	finish()
	report(n)
	return len(c)
}

// Select is bad: a select does not save a send on a closed channel; the case
// is ready.
func Select(done <-chan struct{}, values []string) <-chan string {
	out := make(chan string, len(values))
	emit := func(v string) bool {
		select {
		case out <- v: // want "send on closed channel out"
			return true
		case <-done:
			return false
		}
	}
	for _, v := range values {
		if v == "" {
			close(out)
		}
		if !emit(v) {
			break
		}
	}
	return out
}
