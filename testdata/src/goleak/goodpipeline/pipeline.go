// Package goodpipeline holds pipelines of which each stage ends, whatever the others do.
package goodpipeline

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

// generate sends documents for the ids until ctx ends.
func generate(ctx context.Context, ids []int) <-chan Doc {
	out := make(chan Doc)
	go func() {
		defer close(out)
		for _, id := range ids {
			select {
			case out <- Doc{ID: id}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// transform applies f to each document until ctx ends.
func transform[T, U any](ctx context.Context, in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		defer close(out)
		for v := range in {
			select {
			case out <- f(v):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Index is good: its context ends with it, and both stages watch it.
func Index(ids []int, fill func(Doc) Doc, put func(Doc) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for d := range transform(ctx, generate(ctx, ids), fill) {
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
			chunks <- buf[:n]
		}
		if err != nil {
			return
		}
	}
}

// FindHeader is good: it remembers the chunk and reads on.
func FindHeader(r io.Reader, header []byte) (found []byte) {
	chunks := make(chan []byte)
	go feed(r, chunks)
	for c := range chunks {
		if found == nil && bytes.HasPrefix(c, header) {
			found = c
		}
	}
	return found
}

// all yields what the producer sends; the producer is stopped when the consumer breaks.
func all(n int, compute func(int) int) iter.Seq[int] {
	return func(yield func(int) bool) {
		results := make(chan int)
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			defer close(results)
			for i := range n {
				select {
				case results <- compute(i):
				case <-stop:
					return
				}
			}
		}()
		for v := range results {
			if !yield(v) {
				return
			}
		}
	}
}

// FirstAbove is good: the iterator cleans up after a return in the loop body.
func FirstAbove(limit, n int, compute func(int) int) int {
	for v := range all(n, compute) {
		if v > limit {
			return v
		}
	}
	return -1
}

// Merge is good: at the limit the rest is drained.
func Merge(a, b []int, limit int) []int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, part := range [][]int{a, b} {
		wg.Go(func() {
			for _, v := range part {
				out <- v
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
			go func() {
				for range out {
				}
			}()
			break
		}
	}
	slices.Sort(merged)
	return merged
}

// Stages is good: both ends watch a context that ends with the function.
func Stages(ctx context.Context, lines []string, store func(context.Context, string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parsed := make(chan string)
	go func() {
		defer close(parsed)
		for _, l := range lines {
			select {
			case parsed <- l:
			case <-ctx.Done():
				return
			}
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

// Run is good: the first error is kept, the loop goes on to the close.
func (b *Batcher) Run(ids []int) (first error) {
	go b.produce(ids)
	var batch []Doc
	for d := range b.in {
		if batch = append(batch, d); len(batch) < b.size || first != nil {
			continue
		}
		first = b.flush(batch)
		batch = batch[:0]
	}
	return first
}

// IndexAll puts the documents into batches of 64.
func IndexAll(ids []int, flush func([]Doc) error) error {
	return NewBatcher(64, flush).Run(ids)
}

// Fail is good: the failing consumer cancels the group's context, which the producer watches.
func Fail(urls []string, fetch func(string) ([]byte, error), index func([]byte) error) <-chan error {
	result := make(chan error, 1)
	go func() {
		g, gctx := errgroup.WithContext(context.Background())
		bodies := make(chan []byte)
		g.Go(func() error {
			defer close(bodies)
			for _, u := range urls {
				body, err := fetch(u)
				if err != nil {
					return err
				}
				select {
				case bodies <- body:
				case <-gctx.Done():
					return gctx.Err()
				}
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

// Tee is good: the second reader keeps the first value and reads on.
func Tee(vals []int, each func(int)) (first int) {
	left, right := make(chan int), make(chan int)
	go func() {
		defer close(left)
		defer close(right)
		for _, v := range vals {
			left <- v
			right <- v
		}
	}()
	got := make(chan int, 1)
	go func() {
		v := <-right
		for range right {
		}
		got <- v
	}()
	for v := range left {
		each(v)
	}
	return <-got
}

// Reversed is good: no goroutine, a buffer that holds all values, closed before it is read.
func Reversed(vals []int) []int {
	ch := make(chan int, len(vals))
	for _, v := range slices.Backward(vals) {
		ch <- v
	}
	close(ch)
	var out []int
	for v := range ch {
		out = append(out, v)
	}
	return out
}

// Partial is good: a pull iterator is stopped by its stop function.
func Partial(n int, compute func(int) int) (sum int) {
	next, stop := iter.Pull(all(n, compute))
	defer stop()
	for range 2 {
		v, ok := next()
		if !ok {
			break
		}
		sum += v
	}
	return sum
}
