// Package goodlanguage holds goroutines that end, with operations that are reached through features
// of the language: generics, embedding, method values, interfaces, iterators, deferred functions and
// callbacks.
package goodlanguage

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// A Future is a value that is computed in the background.
type Future[T any] struct {
	val chan T
}

func async[T any](f func() T) *Future[T] {
	fut := &Future[T]{val: make(chan T, 1)}
	go fut.resolve(f)
	return fut
}

func (f *Future[T]) resolve(compute func() T) {
	f.val <- compute()
}

func (f *Future[T]) get() T { return <-f.val }

// Price is good: the future has room for its value.
func Price(amount int, unit func() int) (int, error) {
	fut := async(unit)
	if amount < 0 {
		return 0, fmt.Errorf("amount %d", amount)
	}
	return amount * fut.get(), nil
}

// A bus has its channel in an embedded struct.
type bus struct{ link }

type link struct {
	frames chan []byte
	up     bool
}

func (l *link) transmit(frames [][]byte) {
	for _, f := range frames {
		l.frames <- f
	}
	close(l.frames)
}

func (l *link) receive() ([]byte, bool) {
	f, ok := <-l.frames
	return f, ok
}

// Handshake is good: it reads what the promoted method transmits to the end.
func Handshake(frames [][]byte, accept func([]byte) bool) bool {
	b := bus{link{frames: make(chan []byte)}}
	go b.transmit(frames)
	accepted := true
	for {
		f, ok := b.receive()
		if !ok {
			return accepted
		}
		accepted = accepted && accept(f)
	}
}

// A notifier tells somebody about the end.
type notifier interface {
	notify(err error)
}

type chanNotifier chan error

func (c chanNotifier) notify(err error) {
	c <- err
}

type nopNotifier struct{}

func (nopNotifier) notify(error) {}

func runNotified(n notifier, work func() error) {
	go func() { n.notify(work()) }()
}

// Start is good: without wait the notifier is the one that does nothing.
func Start(wait bool, work func() error) error {
	if !wait {
		runNotified(nopNotifier{}, work)
		return nil
	}
	done := make(chanNotifier)
	runNotified(done, work)
	return <-done
}

// A Stage is run through a method value.
type Stage struct {
	out  chan int
	vals []int
}

func (s *Stage) emit() {
	defer close(s.out)
	for _, v := range s.vals {
		s.out <- v
	}
}

// HasOdd is good: the buffer holds all values.
func HasOdd(vals []int) bool {
	s := &Stage{out: make(chan int, len(vals)), vals: vals}
	start := s.emit
	go start()
	for v := range s.out {
		if v%2 == 1 {
			return true
		}
	}
	return false
}

// ticks yields values of a channel that a goroutine fills, and drains it when the loop is left.
func ticks(next func() (int, bool)) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		c := make(chan int)
		go func() {
			defer close(c)
			for v, ok := next(); ok; v, ok = next() {
				c <- v
			}
		}()
		defer func() {
			for range c {
			}
		}()
		i := 0
		for v := range c {
			if !yield(i, v) {
				return
			}
			i++
		}
	}
}

// Sorted is good: a return in the loop runs the iterator's deferred drain.
func Sorted(next func() (int, bool)) bool {
	last := 0
	for i, v := range ticks(next) {
		if i > 0 && v < last {
			return false
		}
		last = v
	}
	return true
}

// Compare is good: the loggers drop what is not heard.
func Compare(names []string) []string {
	compared := make(chan string, 1)
	sort.Slice(names, func(i, j int) bool {
		select {
		case compared <- names[i]:
		default:
		}
		return names[i] < names[j]
	})
	select {
	case <-compared:
	default:
	}
	return names
}

// Once is good: two calls start one goroutine, and its value is received once.
func Once(warm func() error) error {
	var once sync.Once
	ready := make(chan error)
	start := func() {
		once.Do(func() {
			go func() {
				ready <- warm()
			}()
		})
	}
	start()
	start()
	return <-ready
}

// Lazily is good: OnceValue's function starts the goroutine and receives from it.
func Lazily(load func() int) int {
	get := sync.OnceValue(func() int {
		c := make(chan int)
		go func() { c <- load() }()
		return <-c
	})
	return get() + get()
}

// ClosedOnce is good: OnceFunc lets both sides close done.
func ClosedOnce(left, right func()) {
	done := make(chan struct{})
	finish := sync.OnceFunc(func() { close(done) })
	for _, f := range []func(){left, right} {
		go func() {
			defer finish()
			f()
		}()
	}
	<-done
}

// Recovered is good: each part sends once, panicked or not, and as many are received.
func Recovered(parts []func() int) (sum int, err error) {
	type part struct {
		n   int
		err error
	}
	results := make(chan part)
	for _, f := range parts {
		go func() {
			p := part{err: errors.New("panicked")}
			defer func() {
				recover()
				results <- p
			}()
			p = part{n: f()}
		}()
	}
	for range parts {
		p := <-results
		if p.err != nil {
			err = p.err
		}
		sum += p.n
	}
	return sum, err
}

// Exiting is good: Goexit runs the deferred send.
func Exiting(check func() bool) bool {
	verdict := make(chan bool)
	go func() {
		ok := false
		defer func() { verdict <- ok }()
		if !check() {
			runtime.Goexit()
		}
		ok = true
	}()
	return <-verdict
}

// ByTopic is good: all channels in the map are closed.
func ByTopic(topics map[string]int, each func(string, int)) {
	feeds := map[string]chan int{"news": make(chan int), "sport": make(chan int)}
	for name, feed := range feeds {
		go func() {
			for n := range feed {
				each(name, n)
			}
		}()
	}
	for _, name := range slices.Sorted(maps.Keys(topics)) {
		if feed, ok := feeds[name]; ok {
			feed <- topics[name]
		}
	}
	for _, feed := range feeds {
		close(feed)
	}
}

// Rings is good: each of three channels in an array gets a value.
func Rings(vals [3]int) (sum int) {
	var rings [3]chan int
	for i := range rings {
		rings[i] = make(chan int)
	}
	for i := range rings {
		go func() { rings[i] <- vals[i] }()
	}
	for _, r := range rings {
		sum += <-r
	}
	return sum
}

// A countingReader reports what is read.
type countingReader struct {
	r     io.Reader
	sizes chan<- int
}

func (c countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sizes <- n
	return n, err
}

// Header is good: the sizes are received until they are closed, however many reads there are.
func Header(r io.Reader) (header [16]byte, size int, err error) {
	sizes := make(chan int)
	total := make(chan int)
	go func() {
		sum := 0
		for n := range sizes {
			sum += n
		}
		total <- sum
	}()
	_, err = io.ReadFull(countingReader{r, sizes}, header[:])
	close(sizes)
	return header, <-total, err
}

// A Set is a generic set with a concurrent iteration.
type Set[K comparable] map[K]struct{}

// Each is good: the range over all keys has no way out but the close.
func (s Set[K]) Each(f func(K)) {
	keys := make(chan K)
	go func() {
		defer close(keys)
		for k := range s {
			keys <- k
		}
	}()
	for k := range keys {
		f(k)
	}
}

// Words is good: it uses an instance of Set.
func Words(words ...string) (n int) {
	s := make(Set[string])
	for _, w := range words {
		s[w] = struct{}{}
	}
	s.Each(func(w string) { n += len(w) })
	return n
}

// Compared is good: the callback of slices.SortFunc sends to a goroutine that receives until the
// close, however many comparisons there are.
func Compared(words []string) int {
	pairs := make(chan [2]string)
	total := make(chan int)
	go func() {
		n := 0
		for p := range pairs {
			n += len(p[0]) + len(p[1])
		}
		total <- n
	}()
	slices.SortFunc(words, func(a, b string) int {
		pairs <- [2]string{a, b}
		return len(a) - len(b)
	})
	close(pairs)
	return <-total
}
