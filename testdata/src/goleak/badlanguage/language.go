// Package badlanguage holds leaks whose operations are reached through features of the language:
// generics, embedding, method values, interfaces, iterators, deferred functions and callbacks.
package badlanguage

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
	fut := &Future[T]{val: make(chan T)}
	go fut.resolve(f)
	return fut
}

func (f *Future[T]) resolve(compute func() T) {
	f.val <- compute() // want "send on f.val blocks forever"
}

func (f *Future[T]) get() T { return <-f.val }

// Price is bad: a negative amount leaves the future's goroutine alone.
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
		l.frames <- f // want "send on l.frames blocks forever"
	}
	close(l.frames)
}

func (l *link) receive() ([]byte, bool) {
	f, ok := <-l.frames
	return f, ok
}

// Handshake is bad: it reads two frames of those that the promoted method transmits.
func Handshake(frames [][]byte, accept func([]byte) bool) bool {
	b := bus{link{frames: make(chan []byte)}}
	go b.transmit(frames)
	for range 2 {
		f, ok := b.receive()
		if !ok || !accept(f) {
			return false
		}
	}
	return true
}

// A notifier tells somebody about the end.
type notifier interface {
	notify(err error)
}

type chanNotifier chan error

func (c chanNotifier) notify(err error) {
	c <- err // want "send on c blocks forever"
}

type nopNotifier struct{}

func (nopNotifier) notify(error) {}

func runNotified(n notifier, work func() error) {
	go func() { n.notify(work()) }()
}

// Start is bad: without wait nobody receives what the notifier sends.
func Start(wait bool, work func() error) error {
	done := make(chanNotifier)
	runNotified(done, work)
	runNotified(nopNotifier{}, work)
	if !wait {
		return nil
	}
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
		s.out <- v // want "send on s.out blocks forever"
	}
}

// HasOdd is bad: it leaves the range at the first odd value.
func HasOdd(vals []int) bool {
	s := &Stage{out: make(chan int), vals: vals}
	start := s.emit
	go start()
	for v := range s.out {
		if v%2 == 1 {
			return true
		}
	}
	return false
}

// ticks yields values of a channel that a goroutine fills.
func ticks(next func() (int, bool)) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		c := make(chan int)
		go func() {
			defer close(c)
			for v, ok := next(); ok; v, ok = next() {
				c <- v // want "send on c blocks forever"
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

// Sorted is bad: the loop over the iterator returns.
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

// Compare is bad: each comparison starts a logger, of which one is heard at most.
func Compare(names []string) []string {
	compared := make(chan string)
	sort.Slice(names, func(i, j int) bool {
		go func() {
			compared <- names[i] // want "send on compared blocks forever"
		}()
		return names[i] < names[j]
	})
	select {
	case <-compared:
	default:
	}
	return names
}

// Once is bad: the once starts a goroutine for the first caller, who does not wait for it.
func Once(warm func() error) error {
	var once sync.Once
	ready := make(chan error)
	start := func() {
		once.Do(func() {
			go func() {
				ready <- warm() // want "send on ready blocks forever"
			}()
		})
	}
	start()
	start()
	select {
	case err := <-ready:
		return err
	default:
		return nil
	}
}

// Recovered is bad: after a panic the deferred function sends, and the reader has left by then.
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
			return 0, p.err
		}
		sum += p.n
	}
	return sum, nil
}

// Exiting is bad: Goexit runs the deferred calls, but the send stands after it.
func Exiting(check func() bool) bool {
	verdict := make(chan bool)
	go func() {
		defer fmt.Println("checked")
		if !check() {
			runtime.Goexit()
		}
		verdict <- true
	}()
	return <-verdict // want "receive from verdict blocks forever"
}

// ByTopic is bad: one of the channels in the map is not closed.
func ByTopic(topics map[string]int, each func(string, int)) {
	feeds := map[string]chan int{"news": make(chan int), "sport": make(chan int)}
	for name, feed := range feeds {
		go func() {
			for n := range feed { // want "range over feed blocks forever"
				each(name, n)
			}
		}()
	}
	for _, name := range slices.Sorted(maps.Keys(topics)) {
		if feed, ok := feeds[name]; ok {
			feed <- topics[name]
		}
	}
	close(feeds["news"])
}

// Rings is bad: of three channels in an array, the last one gets no value.
func Rings(vals [3]int) (sum int) {
	var rings [3]chan int
	for i := range rings {
		rings[i] = make(chan int)
	}
	for i := range 2 {
		go func() { rings[i] <- vals[i] }()
	}
	for _, r := range rings {
		sum += <-r // want "receive from r blocks forever"
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

// Header is bad: io.ReadFull may need several reads, the size of one is received.
func Header(r io.Reader) (header [16]byte, size int, err error) {
	sizes := make(chan int)
	got := make(chan int, 1)
	go func() { got <- <-sizes }()
	_, err = io.ReadFull(countingReader{r, sizes}, header[:])
	return header, <-got, err
}

// Unsorted is bad: the callback of slices.SortFunc signals the first disorder, but the goroutine
// that waits for the signal gets none for a slice that is sorted.
func Unsorted(words []string, alarm func()) {
	disorder := make(chan struct{})
	var once sync.Once
	go func() {
		<-disorder // want "receive from disorder blocks forever"
		alarm()
	}()
	slices.SortFunc(words, func(a, b string) int {
		if a > b {
			once.Do(func() { close(disorder) })
		}
		return len(a) - len(b)
	})
}
