// Package goodaliases holds channels that go by several names and are closed
// under one of them.
package goodaliases

import (
	"strings"
	"sync"
	"sync/atomic"
)

// Stream is a channel type with methods.
type Stream chan string

// Emit sends every word.
func (s Stream) Emit(text string) {
	for w := range strings.FieldsSeq(text) {
		s <- w
	}
}

// End closes the stream.
func (s Stream) End() { close(s) }

// NamedType is good: a method of the channel type closes.
func NamedType(text string) (n int) {
	words := make(Stream)
	go func() {
		defer words.End()
		words.Emit(text)
	}()
	for range words {
		n++
	}
	return n
}

// DeferAfterMake is good: the close is deferred after the last assignment, in
// the goroutine that sends.
func DeferAfterMake(text string, buffered bool) (n int) {
	words := make(chan string)
	if buffered {
		words = make(chan string, 16)
	}
	go func() {
		defer close(words)
		for w := range strings.FieldsSeq(text) {
			words <- w
		}
	}()
	for range words {
		n++
	}
	return n
}

// Directions is good: the close is made through a send-only variable, the
// range through a receive-only one.
func Directions(text string) (n int) {
	words := make(chan string)
	var in <-chan string = words
	var out chan<- string = words
	go func() {
		defer close(out)
		for w := range strings.FieldsSeq(text) {
			out <- w
		}
	}()
	for range in {
		n++
	}
	return n
}

// LiteralParameter is good: the function literals get the channel as an
// argument.
func LiteralParameter(text string) (n int) {
	words := make(chan string)
	go func(out chan<- string) {
		defer func(c chan<- string) { close(c) }(out)
		for w := range strings.FieldsSeq(text) {
			out <- w
		}
	}(words)
	func(in <-chan string) {
		for range in {
			n++
		}
	}(words)
	return n
}

type counter struct {
	in    <-chan string
	total int
}

func (c *counter) run() {
	for w := range c.in {
		c.total += len(w)
	}
}

// FieldFromLocal is good: the field is ranged over, the local variable that
// it was made from is closed.
func FieldFromLocal(text string) int {
	words := make(chan string)
	c := &counter{in: words}
	var wg sync.WaitGroup
	wg.Go(c.run)
	for w := range strings.FieldsSeq(text) {
		words <- w
	}
	close(words)
	wg.Wait()
	return c.total
}

type query struct {
	prefix string
	reply  chan string
}

type dictionary struct {
	queries chan query
	words   []string
}

func (d *dictionary) serve() {
	for q := range d.queries {
		for _, w := range d.words {
			if strings.HasPrefix(w, q.prefix) {
				q.reply <- w
			}
		}
		close(q.reply)
	}
}

// ReplyClosedByServer is good: the reply channel travels in a query, and the
// server closes it.
func ReplyClosedByServer(text, prefix string) (found []string) {
	d := &dictionary{queries: make(chan query), words: strings.Fields(text)}
	defer close(d.queries)
	go d.serve()
	q := query{prefix: prefix, reply: make(chan string)}
	d.queries <- q
	for w := range q.reply {
		found = append(found, w)
	}
	return found
}

// BothOfTwo is good: each channel of the array is closed.
func BothOfTwo(text string) (short, long int) {
	var out [2]chan string
	out[0], out[1] = make(chan string), make(chan string, len(text))
	go func() {
		defer close(out[0])
		defer close(out[1])
		for w := range strings.FieldsSeq(text) {
			if len(w) < 4 {
				out[0] <- w
			} else {
				out[1] <- w
			}
		}
	}()
	for range out[0] {
		short++
	}
	for range out[1] {
		long++
	}
	return short, long
}

// feed takes its channel out of the field before it closes it.
type feed struct {
	mu    sync.Mutex
	lines chan string
	seen  atomic.Int64
}

func (f *feed) open() {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := make(chan string, 4)
	f.lines = lines
	go func() {
		for range lines {
			f.seen.Add(1)
		}
	}()
}

func (f *feed) put(l string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lines != nil {
		f.lines <- l
	}
}

func (f *feed) close() {
	f.mu.Lock()
	old := f.lines
	f.lines = nil
	f.mu.Unlock()
	if old != nil {
		close(old)
	}
}

// rotate is good: it swaps in a new channel and closes the old one, which the
// first goroutine ranges over.
func (f *feed) rotate() {
	f.close()
	f.open()
}

// Feed is good: the field may have been set to nil and made again, each of
// its channels is closed.
func Feed(lines []string) int64 {
	var f feed
	f.open()
	for i, l := range lines {
		if i%100 == 99 {
			f.rotate()
		}
		f.put(l)
	}
	f.close()
	return f.seen.Load()
}

// topic closes its subscribers in a loop over a slice.
type topic struct {
	subs []chan string
}

func (t *topic) subscribe(got func(string)) {
	c := make(chan string, 8)
	t.subs = append(t.subs, c)
	go func() {
		for s := range c {
			got(s)
		}
	}()
}

func (t *topic) publish(s string) {
	for _, c := range t.subs {
		c <- s
	}
}

func (t *topic) close() {
	for i := range t.subs {
		close(t.subs[i])
	}
	t.subs = nil
}

// Broadcast is good: close of the topic closes each channel that subscribe
// has put into the slice.
func Broadcast(lines []string, got func(string)) {
	var t topic
	t.subscribe(got)
	t.subscribe(got)
	for _, l := range lines {
		t.publish(l)
	}
	t.close()
}

type pair struct{ in, out chan int }

// StructCopy is good: the copy of the struct has the same channels.
func StructCopy(vals []int) (sum int) {
	p := pair{make(chan int), make(chan int)}
	q := p
	go func() {
		for v := range q.in {
			q.out <- 2 * v
		}
		close(q.out)
	}()
	go func() {
		for _, v := range vals {
			p.in <- v
		}
		close(p.in)
	}()
	for v := range p.out {
		sum += v
	}
	return sum
}

type base struct{ items chan int }

func (b *base) done() { close(b.items) }

type derived struct {
	base
	sum int
}

// Promoted is good: the promoted method of the embedded struct closes.
func Promoted(vals []int) int {
	d := &derived{base: base{items: make(chan int)}}
	go func() {
		defer d.done()
		for _, v := range vals {
			d.items <- v
		}
	}()
	for v := range d.items {
		d.sum += v
	}
	return d.sum
}

// InSyncMap is good: the channel is loaded from a sync.Map and closed there.
func InSyncMap(vals []int) (sum int) {
	var chans sync.Map
	c := make(chan int)
	chans.Store("vals", c)
	go func() {
		for _, v := range vals {
			c <- v
		}
		if v, ok := chans.LoadAndDelete("vals"); ok {
			close(v.(chan int))
		}
	}()
	for v := range c {
		sum += v
	}
	return sum
}

// ThroughPointer is good: the goroutine closes what the pointer points to.
func ThroughPointer(vals []int) (sum int) {
	c := make(chan int)
	finish := func(p *chan int) {
		close(*p)
	}
	go func() {
		for _, v := range vals {
			c <- v
		}
		finish(&c)
	}()
	for v := range c {
		sum += v
	}
	return sum
}

// ChannelOfOne is good: the channel that is ranged over was received from
// another one, and its maker closes it.
func ChannelOfOne(vals []int) (sum int) {
	streams := make(chan (<-chan int))
	go func() {
		defer close(streams)
		c := make(chan int)
		streams <- c
		for _, v := range vals {
			c <- v
		}
		close(c)
	}()
	for s := range streams {
		for v := range s {
			sum += v
		}
	}
	return sum
}
