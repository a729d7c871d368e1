package goodtwice

import (
	"errors"
	"strings"
)

var errQuit = errors.New("quit")

// Lines is good: the end marker ends the loop, and the close follows.
func Lines(text string, out chan<- string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line == "." {
			break
		}
		out <- line
	}
	close(out)
}

// LinesReturn is good: the marker closes and returns.
func LinesReturn(text string, out chan<- string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line == "." {
			close(out)
			return
		}
		out <- line
	}
	close(out)
}

// Connect is good: each attempt has a channel of its own.
func Connect(dial, handshake func() error) error {
	var err error
	for range 3 {
		ready := make(chan struct{})
		if err = dial(); err != nil {
			continue
		}
		close(ready)
		if err = handshake(); err == nil {
			return nil
		}
	}
	return err
}

// ConnectOnce is good: the flag keeps the second attempt from closing.
func ConnectOnce(dial, handshake func() error) error {
	ready, isReady := make(chan struct{}), false
	var err error
	for range 3 {
		if err = dial(); err != nil {
			continue
		}
		if !isReady {
			close(ready)
			isReady = true
		}
		if err = handshake(); err == nil {
			return nil
		}
	}
	return err
}

// A Stream is a queue that ends with an error or without.
type Stream[T any] struct {
	items  chan T
	err    error
	closed bool
}

// NewStream returns an empty stream.
func NewStream[T any](size int) *Stream[T] {
	return &Stream[T]{items: make(chan T, size)}
}

// Close is good: only the first call counts; a stream has one writer.
func (s *Stream[T]) Close(err error) {
	if s.closed {
		return
	}
	s.closed = true
	s.err = err
	close(s.items)
}

// Parse closes the stream with the first error, or at the end.
func Parse[T any](lines []string, parse func(string) (T, error)) *Stream[T] {
	s := NewStream[T](len(lines))
	defer s.Close(nil)
	for _, line := range lines {
		v, err := parse(line)
		if err != nil {
			s.Close(err)
			return s
		}
		s.items <- v
	}
	return s
}

// Each is good: finish is only deferred.
func Each(tasks []func() error) error {
	done := make(chan struct{})
	finish := func() { close(done) }
	defer finish()
	for _, task := range tasks {
		if err := task(); err != nil {
			return err
		}
	}
	return nil
}

// A pipe has two ends, which may be the same channel.
type pipe struct {
	in, out chan []byte
}

func loopback() *pipe {
	c := make(chan []byte, 1)
	return &pipe{in: c, out: c}
}

// close is good: it compares the ends.
func (p *pipe) close() {
	close(p.in)
	if p.out != p.in {
		close(p.out)
	}
}

// Ping sends through a loopback.
func Ping(b []byte) []byte {
	p := loopback()
	defer p.close()
	p.out <- b
	return <-p.in
}

// Route is good: each route has a channel of its own.
func Route(names []string) {
	routes := map[string]chan string{
		"":        make(chan string, len(names)),
		"metrics": make(chan string, len(names)),
	}
	for _, name := range names {
		if ch, ok := routes[name]; ok {
			ch <- name
		}
	}
	for _, ch := range routes {
		close(ch)
	}
}

func closeAll(chans ...chan int) {
	for _, ch := range chans {
		close(ch)
	}
}

// Split is good: rest is always a channel of its own.
func Split(n int, strict bool) (odd, even chan int) {
	odd, even = make(chan int, n), make(chan int, n)
	rest := make(chan int, n)
	if strict {
		rest = make(chan int)
	}
	defer closeAll(odd, even, rest)
	for i := range n {
		if i%2 == 0 {
			even <- i
		} else {
			odd <- i
		}
	}
	return odd, even
}

// Interpret is good: the handler leaves the channel to the loop.
func Interpret(commands []string, results chan<- string) {
	handle := func(c string) error {
		if c == "quit" {
			return errQuit
		}
		results <- strings.ToUpper(c)
		return nil
	}
	for _, c := range commands {
		if handle(c) != nil {
			break
		}
	}
	close(results)
}

// InterpretQuit is good: the error says that the handler has closed.
func InterpretQuit(commands []string, results chan<- string) {
	handle := func(c string) error {
		if c == "quit" {
			close(results)
			return errQuit
		}
		results <- strings.ToUpper(c)
		return nil
	}
	for _, c := range commands {
		if handle(c) != nil {
			return
		}
	}
	close(results)
}

// SafeClose closes c unless it is nil.
func SafeClose[T any](c chan<- T) {
	if c != nil {
		close(c)
	}
}

// Optional is good: the helper is called once for each channel, nil or not.
func Optional(n int, verbose bool) []int {
	out := make(chan int, n)
	var trace chan string
	if verbose {
		trace = make(chan string, n)
	}
	for i := range n {
		out <- i
		if verbose {
			trace <- "sent"
		}
	}
	SafeClose(out)
	SafeClose(trace)
	var all []int
	for v := range out {
		all = append(all, v)
	}
	return all
}
