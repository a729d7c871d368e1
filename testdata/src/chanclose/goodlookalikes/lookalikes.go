// Package goodlookalikes holds channels without a close that need none, and
// closes that look wrong and are right.
package goodlookalikes

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// Msg is an element of a stream; the last one has End set.
type Msg struct {
	Seq int
	End bool
	Err error
}

// EndMarker is good: the sender's last element makes the reader break.
func EndMarker(n int) (sum int) {
	msgs := make(chan Msg)
	go func() {
		for i := range n {
			msgs <- Msg{Seq: i}
		}
		msgs <- Msg{End: true}
	}()
	for m := range msgs {
		if m.End {
			break
		}
		sum += m.Seq
	}
	return sum
}

// NilMarker is good: a nil element ends the range in the worker.
func NilMarker(list []*Msg) (sum int) {
	msgs := make(chan *Msg)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m := range msgs {
			if m == nil {
				return
			}
			sum += m.Seq
		}
	}()
	for _, m := range list {
		if m != nil {
			msgs <- m
		}
	}
	msgs <- nil
	<-done
	return sum
}

// CountInsideRange is good: the reader knows how many elements come and
// leaves the range after the last.
func CountInsideRange(n int) (sum int) {
	if n == 0 {
		return 0
	}
	msgs := make(chan Msg)
	for i := range n {
		go func() { msgs <- Msg{Seq: i} }()
	}
	seen := 0
	for m := range msgs {
		sum += m.Seq
		if seen++; seen == n {
			break
		}
	}
	return sum
}

// CountedReceives is good: no range at all, as many receives as sends.
func CountedReceives(n int) (sum int) {
	msgs := make(chan Msg)
	for i := range n {
		go func() { msgs <- Msg{Seq: i} }()
	}
	for range n {
		m := <-msgs
		sum += m.Seq
	}
	return sum
}

// UntilErrorOrEnd is good: the range ends at the first error, and the sender
// always sends one at the end.
func UntilErrorOrEnd(n int) error {
	errEnd := errors.New("end of stream")
	msgs := make(chan Msg)
	go func() {
		for i := range n {
			msgs <- Msg{Seq: i}
		}
		msgs <- Msg{Err: errEnd}
	}()
	for m := range msgs {
		switch {
		case errors.Is(m.Err, errEnd):
			return nil
		case m.Err != nil:
			return m.Err
		}
	}
	return nil
}

// Mailbox is good: request and reply channel are made per call; a reply is
// received once and never closed.
func Mailbox(n int) (sum int) {
	type req struct {
		n     int
		reply chan int
	}
	reqs := make(chan req)
	go func() {
		for r := range reqs {
			r.reply <- r.n * r.n
		}
	}()
	defer close(reqs)
	for i := range n {
		r := req{i, make(chan int, 1)}
		reqs <- r
		sum += <-r.reply
	}
	return sum
}

// Latch is good: a done channel is closed and received from, never ranged.
func Latch(steps []func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, f := range steps {
			f()
		}
	}()
	<-done
}

// Semaphore is good: a token channel is never closed and never ranged over.
func Semaphore(steps []func(), limit int) {
	sem := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for _, f := range steps {
		sem <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			f()
		}()
	}
	wg.Wait()
}

// FreeList is good: the filled token channel is read in a bounded loop.
func FreeList(n int) (bufs [][]byte) {
	free := make(chan []byte, n)
	for range n {
		free <- make([]byte, 512)
	}
	for range n {
		bufs = append(bufs, <-free)
	}
	return bufs
}

// NonBlockingDrain is good: the loop stops when the buffer is empty.
func NonBlockingDrain(n int) (sum int) {
	buf := make(chan int, n)
	for i := range n {
		buf <- i
	}
	for {
		select {
		case v := <-buf:
			sum += v
		default:
			return sum
		}
	}
}

// LenDrain is good: it receives as long as something is buffered.
func LenDrain(n int) (sum int) {
	buf := make(chan int, n)
	for i := range n {
		buf <- i
	}
	for len(buf) > 0 {
		sum += <-buf
	}
	return sum
}

// NilChannelCase is good: out is nil while there is nothing to send, and the
// other case keeps the select alive; dst is closed at the end.
func NilChannelCase(src <-chan int) <-chan int {
	dst := make(chan int)
	go func() {
		defer close(dst)
		var queue []int
		for src != nil || len(queue) > 0 {
			var out chan int
			var next int
			if len(queue) > 0 {
				out, next = dst, queue[0]
			}
			select {
			case v, ok := <-src:
				if !ok {
					src = nil
					continue
				}
				queue = append(queue, v)
			case out <- next:
				queue = queue[1:]
			}
		}
	}()
	return dst
}

// UnboundedBuffer is good: it ranges over what NilChannelCase closes.
func UnboundedBuffer(n int) (sum int) {
	src := make(chan int)
	go func() {
		for i := range n {
			src <- i
		}
		close(src)
	}()
	for v := range NilChannelCase(src) {
		sum += v
	}
	return sum
}

// VariableReused is good: the variable holds one channel after the other, and
// each is closed.
func VariableReused(rounds int) (sum int) {
	c := make(chan int, 1)
	for i := range rounds {
		c <- i
		close(c)
		for v := range c {
			sum += v
		}
		c = make(chan int, 1)
	}
	return sum
}

// HandOver is good: the partner receive frees an abandoned sender; the done
// channel needs no close.
func HandOver(ctx context.Context, work func(context.Context) int) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan int)
	go func() { done <- work(ctx) }()
	select {
	case v := <-done:
		return v, nil
	case <-time.After(time.Minute):
		cancel()
		<-done
		return 0, context.DeadlineExceeded
	}
}

// tailLines is a test helper: its clean-up closes what the goroutine ranges
// over.
func tailLines(t testing.TB) chan<- string {
	t.Helper()
	lines := make(chan string)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for l := range lines {
			t.Log(l)
		}
	}()
	t.Cleanup(func() {
		close(lines)
		<-done
	})
	return lines
}

// CheckTail is good: it uses the helper that closes in the clean-up.
func CheckTail(t testing.TB, words []string) {
	lines := tailLines(t)
	for _, w := range words {
		lines <- w
	}
}

// CheckCollected is good: the deferred function of the test closes and waits.
func CheckCollected(t testing.TB, words []string) {
	lines := make(chan string)
	var wg sync.WaitGroup
	wg.Go(func() {
		for l := range lines {
			t.Log(l)
		}
	})
	defer func() {
		close(lines)
		wg.Wait()
	}()
	for _, w := range words {
		if w == "" {
			t.Fatal("empty word")
		}
		lines <- w
	}
}

// Suppressed is good: the finding is accepted in writing.
func Suppressed(words []string) {
	lines := make(chan string, len(words))
	go func() {
		//concurlint:ignore chanclose the printer lives as long as the process
		for l := range lines {
			print(l)
		}
	}()
	for _, w := range words {
		lines <- w
	}
}
