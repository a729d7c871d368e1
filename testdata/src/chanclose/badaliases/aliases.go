// Package badaliases holds channels that go by several names, none of which
// is closed in the right way.
package badaliases

import (
	"strings"
	"sync"
)

// Stream is a channel type with methods.
type Stream chan string

// Emit sends every word.
func (s Stream) Emit(text string) {
	for w := range strings.FieldsSeq(text) {
		s <- w
	}
}

// End looks like a close.
func (s Stream) End() { s = nil; _ = s }

// NamedType is bad: End sets its own copy of the receiver to nil.
func NamedType(text string) (n int) {
	words := make(Stream)
	go func() {
		defer words.End()
		words.Emit(text)
	}()
	for range words { // want "words is never closed"
		n++
	}
	return n
}

// DeferEvaluatedEarly is bad: the deferred close has taken the first channel
// as its argument, the second one is ranged over.
func DeferEvaluatedEarly(text string) (n int) {
	words := make(chan string)
	defer close(words)
	words = make(chan string)
	go func() {
		for w := range strings.FieldsSeq(text) {
			words <- w
		}
	}()
	for range words { // want "words is never closed"
		n++
	}
	return n
}

type counter struct {
	in    <-chan string
	total int
}

func (c *counter) run() {
	for w := range c.in { // want "(in|words) is never closed"
		c.total += len(w)
	}
}

// FieldFromLocal is bad: the field got the local channel, which nobody closes
// under either name.
func FieldFromLocal(text string) int {
	words := make(chan string)
	c := &counter{in: words}
	var wg sync.WaitGroup
	wg.Go(c.run)
	for w := range strings.FieldsSeq(text) {
		words <- w
	}
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
	}
}

// ReplyLeftOpen is bad: the server sends all answers on the reply channel of
// the query and does not close it.
func ReplyLeftOpen(text, prefix string) (found []string) {
	d := &dictionary{queries: make(chan query), words: strings.Fields(text)}
	defer close(d.queries)
	go d.serve()
	q := query{prefix: prefix, reply: make(chan string)}
	d.queries <- q
	for w := range q.reply { // want "reply is never closed"
		found = append(found, w)
	}
	return found
}

// CopyBeforeMake is bad: alias was taken before the second make, so closing
// it leaves the channel of the senders open.
func CopyBeforeMake(text string, buffered bool) (n int) {
	words := make(chan string)
	alias := words
	if buffered {
		words = make(chan string, 16)
	}
	go func() {
		for w := range strings.FieldsSeq(text) {
			words <- w
		}
		close(alias)
	}()
	for range words { // want "words is (not|never) closed"
		n++
	}
	return n
}
