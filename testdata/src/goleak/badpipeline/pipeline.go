// Package badpipeline holds pipelines with a stage that is left in the middle of a send.
package badpipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Doc is a document on its way through the stages.
type Doc struct {
	ID   int
	Text []byte
}

// ErrRejected is returned for a document that the sink does not take.
var ErrRejected = errors.New("document rejected")

// generate sends documents for the ids.
func generate(ids []int) <-chan Doc {
	out := make(chan Doc)
	go func() {
		defer close(out)
		for _, id := range ids {
			out <- Doc{ID: id}
		}
	}()
	return out
}

// transform applies f to each document.
func transform[T, U any](in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		defer close(out)
		for v := range in {
			out <- f(v) // want "send on out blocks forever"
		}
	}()
	return out
}

// Index is bad: when put fails, both stages are left in their sends.
func Index(ids []int, fill func(Doc) Doc, put func(Doc) error) error {
	for d := range transform(generate(ids), fill) {
		if err := put(d); err != nil {
			return fmt.Errorf("document %d: %w", d.ID, err)
		}
	}
	return nil
}

// feed sends the chunks of r.
func feed(r io.Reader, chunks chan<- []byte) {
	defer close(chunks)
	for {
		buf := make([]byte, 4096)
		n, err := r.Read(buf)
		if n > 0 {
			chunks <- buf[:n] // want "send on chunks blocks forever"
		}
		if err != nil {
			return
		}
	}
}

// FindHeader is bad: it returns the first chunk that has the header.
func FindHeader(r io.Reader, header []byte) []byte {
	chunks := make(chan []byte)
	go feed(r, chunks)
	for c := range chunks {
		if bytes.HasPrefix(c, header) {
			return c
		}
	}
	return nil
}

// all yields what the producer sends; a consumer that breaks leaves the producer behind.
func all(n int, compute func(int) int) iter.Seq[int] {
	return func(yield func(int) bool) {
		results := make(chan int)
		go func() {
			defer close(results)
			for i := range n {
				results <- compute(i) // want "send on results blocks forever"
			}
		}()
		for v := range results {
			if !yield(v) {
				return
			}
		}
	}
}

// FirstAbove is bad: it breaks out of the iterator.
func FirstAbove(limit, n int, compute func(int) int) int {
	for v := range all(n, compute) {
		if v > limit {
			return v
		}
	}
	return -1
}

// Merge is bad: the consumer's limit is reached while both forwarders have more to send.
func Merge(a, b []int, limit int) []int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, part := range [][]int{a, b} {
		wg.Go(func() {
			for _, v := range part {
				out <- v // want "send on out blocks forever"
			}
		})
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	var merged []int
	for v := range out {
		merged = append(merged, v)
		if len(merged) == limit {
			break
		}
	}
	slices.Sort(merged)
	return merged
}

// Stages is bad: the context ends the last stage only, the first one sends without a way out.
func Stages(ctx context.Context, lines []string, store func(context.Context, string) error) error {
	parsed := make(chan string)
	go func() {
		defer close(parsed)
		for _, l := range lines {
			parsed <- l // want "send on parsed blocks forever"
		}
	}()
	for {
		select {
		case l, ok := <-parsed:
			if !ok {
				return nil
			}
			if err := store(ctx, l); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A Batcher groups documents.
type Batcher struct {
	size  int
	in    chan Doc
	flush func([]Doc) error
}

// NewBatcher returns a batcher of a given size.
func NewBatcher(size int, flush func([]Doc) error) *Batcher {
	return &Batcher{size: size, in: make(chan Doc), flush: flush}
}

func (b *Batcher) produce(ids []int) {
	for _, id := range ids {
		b.in <- Doc{ID: id}
	}
	close(b.in)
}

// Run is bad: a failed flush returns while produce has more.
func (b *Batcher) Run(ids []int) error {
	go b.produce(ids)
	var batch []Doc
	for d := range b.in {
		if batch = append(batch, d); len(batch) < b.size {
			continue
		}
		if err := b.flush(batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return b.flush(batch)
}

// IndexAll puts the documents into batches of 64.
func IndexAll(ids []int, flush func([]Doc) error) error {
	return NewBatcher(64, flush).Run(ids)
}

// Fail is bad: the consumer task returns its error, and the producer's send is not guarded, so that
// Wait would never return either; the group runs in a goroutine of its own.
func Fail(urls []string, fetch func(string) ([]byte, error), index func([]byte) error) <-chan error {
	result := make(chan error, 1)
	go func() {
		var g errgroup.Group
		bodies := make(chan []byte)
		g.Go(func() error {
			defer close(bodies)
			for _, u := range urls {
				body, err := fetch(u)
				if err != nil {
					return err
				}
				bodies <- body // want "send on bodies blocks forever"
			}
			return nil
		})
		g.Go(func() error {
			for body := range bodies {
				if err := index(body); err != nil {
					return err
				}
			}
			return nil
		})
		result <- g.Wait()
	}()
	return result
}

// Tee is bad: it sends each value on both outputs, and the second reader stops at the first value.
func Tee(vals []int, each func(int)) (first int) {
	left, right := make(chan int), make(chan int)
	go func() {
		defer close(left)
		defer close(right)
		for _, v := range vals {
			left <- v
			right <- v // want "send on right blocks forever"
		}
	}()
	got := make(chan int, 1)
	go func() { got <- <-right }()
	for v := range left {
		each(v)
	}
	return <-got
}
