package badtwice

import (
	"errors"
	"strings"
)

var errQuit = errors.New("quit")

// Lines is bad: the end marker closes out but does not end the function.
func Lines(text string, out chan<- string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line == "." {
			close(out)
			break
		}
		out <- line
	}
	close(out) // want "close of closed channel out"
}

// Connect is bad: ready is made once, and closed by each attempt that gets
// through to the handshake.
func Connect(dial, handshake func() error) error {
	ready := make(chan struct{})
	var err error
	for range 3 {
		if err = dial(); err != nil {
			continue
		}
		close(ready) // want "close of closed channel ready"
		if err = handshake(); err == nil {
			return nil
		}
	}
	return err
}

// A Stream is a queue that ends with an error or without.
type Stream[T any] struct {
	items chan T
	err   error
}

// NewStream returns an empty stream.
func NewStream[T any](size int) *Stream[T] {
	return &Stream[T]{items: make(chan T, size)}
}

// Close ends the stream.
func (s *Stream[T]) Close(err error) {
	s.err = err
	close(s.items) // want "close of closed channel s.items"
}

// Parse is bad: a line that cannot be parsed closes the stream, and so does
// the deferred call.
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

// Each is bad: finish is called on the way out and deferred.
func Each(tasks []func() error) error {
	done := make(chan struct{})
	finish := func() {
		close(done) // want "close of closed channel done"
	}
	defer finish()
	for _, task := range tasks {
		if err := task(); err != nil {
			finish()
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

func (p *pipe) close() {
	close(p.in)
	close(p.out) // want "close of closed channel p.out"
}

// Ping is bad: both ends of a loopback are one channel.
func Ping(b []byte) []byte {
	p := loopback()
	defer p.close()
	p.out <- b
	return <-p.in
}

// Route is bad: the default route stands in the table twice.
func Route(names []string) {
	fallback := make(chan string, len(names))
	routes := map[string]chan string{
		"":        fallback,
		"default": fallback,
		"metrics": make(chan string, len(names)),
	}
	for _, name := range names {
		if ch, ok := routes[name]; ok {
			ch <- name
		}
	}
	for _, ch := range routes {
		close(ch) // want "close of closed channel ch"
	}
}

func closeAll(chans ...chan int) {
	for _, ch := range chans {
		close(ch) // want "close of closed channel ch"
	}
}

// Split is bad: where there is no error channel, odd is closed twice.
func Split(n int, strict bool) (odd, even chan int) {
	odd, even = make(chan int, n), make(chan int, n)
	rest := odd
	if strict {
		rest = make(chan int, n)
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

// Interpret is bad: the command "quit" makes the handler close results, and so
// does the end of the loop.
func Interpret(commands []string, results chan<- string) {
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
			break
		}
	}
	close(results) // want "close of closed channel results"
}
