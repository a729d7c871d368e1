// Package goodsend holds channels that are closed after the last send, by way
// of several functions or methods.
package goodsend

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
	q.items <- v
}

// Close ends the queue.
func (q *Queue[T]) Close() { close(q.items) }

// Refill is good: the queue is closed when the rejected items are in it, too.
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
	for _, v := range rejected {
		q.Push(v)
	}
	q.Close()
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
	l.lines <- line
}

// Close writes what is queued.
func (l *Logger) Close() {
	close(l.lines)
	l.wg.Wait()
}

// Run is good: deferred calls run last in, first out, so the logger is closed
// when the last line has been printed.
func Run(w io.Writer, task func() error) error {
	log := NewLogger(w)
	defer log.Close()
	defer log.Print("done")
	log.Print("start")
	return task()
}

// Shell is good: "exit" closes the input and leaves the loop.
func Shell(script string, input chan<- string) error {
	s := bufio.NewScanner(strings.NewReader(script))
	for s.Scan() {
		line := strings.TrimSpace(s.Text())
		if line == "exit" {
			close(input)
			return nil
		}
		input <- line
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

// Scan is good: scanDir owns out, the error goes through a channel of its own.
func Scan(names []string) (<-chan Result, <-chan error) {
	out, errs := make(chan Result, len(names)), make(chan error, 1)
	if err := scanDir(names, out); err != nil {
		errs <- err
	}
	return out, errs
}

// A Node is one of a sorted tree.
type Node struct {
	Left, Right *Node
	Value       int
}

// Walk is good: the recursion sends, and only the outer call closes.
func Walk(n *Node, out chan<- int) {
	defer close(out)
	walk(n, out)
}

func walk(n *Node, out chan<- int) {
	if n == nil {
		return
	}
	walk(n.Left, out)
	out <- n.Value
	walk(n.Right, out)
}

// WalkRoot is good: the depth tells the outer call from the others.
func WalkRoot(n *Node, depth int, out chan<- int) {
	if n != nil {
		WalkRoot(n.Left, depth+1, out)
		out <- n.Value
		WalkRoot(n.Right, depth+1, out)
	}
	if depth == 0 {
		close(out)
	}
}

// A Batcher collects lines and sends them in batches.
type Batcher struct {
	out    chan []string
	batch  []string
	closed bool
}

func (b *Batcher) flush() {
	if len(b.batch) > 0 {
		b.out <- b.batch
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

// Close is good: the last batch is flushed before the close.
func (b *Batcher) Close() {
	if b.closed {
		return
	}
	b.closed = true
	b.flush()
	close(b.out)
}

// Phases is good: the failed phase ends both loops.
func Phases(phases [][]func() error) <-chan error {
	errs := make(chan error, len(phases))
phases:
	for _, steps := range phases {
		var err error
		for _, step := range steps {
			if err = step(); err != nil {
				close(errs)
				break phases
			}
		}
		errs <- err
	}
	return errs
}

// progress returns functions that report and finish, and what they report.
func progress(n int) (report func(int), finish func(), c <-chan int) {
	updates := make(chan int, n+1)
	return func(i int) {
		updates <- i
	}, func() { close(updates) }, updates
}

// Copy is good: it reports the end, then it finishes.
func Copy(n int, step func(int)) int {
	report, finish, c := progress(n)
	for i := range n {
		step(i)
		report(i)
	}
	report(n)
	finish()
	return len(c)
}

// Select is good: the empty value ends the loop.
func Select(done <-chan struct{}, values []string) <-chan string {
	out := make(chan string, len(values))
	emit := func(v string) bool {
		select {
		case out <- v:
			return true
		case <-done:
			return false
		}
	}
	for _, v := range values {
		if v == "" {
			close(out)
			break
		}
		if !emit(v) {
			break
		}
	}
	return out
}

// Detach is good: once closed, the channel is nil, and its case is off.
func Detach(in <-chan int, limit int) <-chan int {
	out := make(chan int, limit)
	sink := out
	for v := range in {
		select {
		case sink <- v:
		default:
		}
		if len(out) == limit && sink != nil {
			close(out)
			sink = nil
		}
	}
	if sink != nil {
		close(out)
	}
	return out
}

// Reopen is good: the variable holds another channel after the close.
func Reopen(values []int) (rounds [][]int) {
	ch := make(chan int, len(values))
	for _, v := range values {
		if v < 0 {
			close(ch)
			rounds = append(rounds, drain(ch))
			ch = make(chan int, len(values))
			continue
		}
		ch <- v
	}
	close(ch)
	return append(rounds, drain(ch))
}

func drain(ch <-chan int) (all []int) {
	for v := range ch {
		all = append(all, v)
	}
	return all
}

// trySend sends v unless ch is closed.
func trySend(ch chan<- int, v int) (sent bool) {
	defer func() { recover() }()
	ch <- v
	return true
}

// Recovered is good: the panic is expected and recovered.
func Recovered() bool {
	ch := make(chan int, 1)
	close(ch)
	return trySend(ch, 1)
}

// Flagged is good: the flag that guards the close guards the send.
func Flagged(values []string) <-chan string {
	out := make(chan string, len(values))
	open := true
	for _, v := range values {
		if v == "" && open {
			close(out)
			open = false
		}
		if open {
			out <- v
		}
	}
	if open {
		close(out)
	}
	return out
}
