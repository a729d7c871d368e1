package badfields

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// The type and its constructor stand in the file produce.go.

// drain is bad: produce returns above its close when a row is malformed.
func (im *importer) drain() int {
	for r := range im.rows { // want "rows is not closed"
		im.buf.WriteString(r)
	}
	return im.buf.Len()
}

// Import is bad by what it calls: drain never returns after a malformed row.
func Import(text string) (int, error) {
	im := newImporter()
	go im.produce(text)
	n := im.drain()
	return n, im.err
}

type busState struct {
	updates chan string
	wg      sync.WaitGroup
}

type bus struct {
	busState
	log bytes.Buffer
}

// LocalBus is bad: the channel is a field of an embedded struct of a local
// value; the range over it stands here and nobody closes it.
func LocalBus(names []string) string {
	var b bus
	b.updates = make(chan string)
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		for _, n := range names {
			b.updates <- strings.ToUpper(n)
		}
	}()
	for u := range b.updates { // want "updates is never closed"
		fmt.Fprintln(&b.log, u)
	}
	b.wg.Wait()
	return b.log.String()
}

type recorder struct {
	in, out chan int
	sum     int
}

// shutDown is bad: a slip of the pen closes in twice and out never.
func (r *recorder) shutDown() {
	close(r.in)
	close(r.in) // want "close of (r\\.)?in"
}

// Record runs a recorder once.
func Record(vals []int) int {
	r := &recorder{in: make(chan int), out: make(chan int)}
	go func() {
		for v := range r.in {
			r.sum += v
		}
	}()
	for _, v := range vals {
		r.in <- v
	}
	r.shutDown()
	return r.sum
}

type journal struct {
	entries chan string
	done    chan struct{}
	lines   []string
}

func openJournal() *journal {
	j := &journal{entries: make(chan string, 8), done: make(chan struct{})}
	go func() {
		defer close(j.done)
		for e := range j.entries {
			j.lines = append(j.lines, e)
		}
	}()
	return j
}

// finish is bad: it sends the trailer after it has closed the channel.
func (j *journal) finish(trailer string) []string {
	close(j.entries)
	j.entries <- trailer // want "send on (j\\.)?entries"
	<-j.done
	return j.lines
}

// Journal writes entries and a trailer.
func Journal(entries []string) []string {
	j := openJournal()
	for _, e := range entries {
		j.entries <- e
	}
	return j.finish("-- end --")
}
