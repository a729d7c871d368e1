// Package badlate holds channels that one goroutine closes while another still
// sends on them.
package badlate

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Quote is the answer of a provider.
type Quote struct {
	Provider int
	Price    int
	Err      error
}

// A collector gathers quotes and owns their channel.
type collector struct {
	quotes chan Quote
}

func (c *collector) ask(provider int, price func(int) (int, error)) {
	p, err := price(provider)
	c.quotes <- Quote{provider, p, err} // want "send on closed channel c.quotes"
}

func (c *collector) stop() { close(c.quotes) }

// Best is bad: after the first quote, the collector closes the channel that
// the other providers send on.
func Best(providers int, price func(int) (int, error)) Quote {
	c := &collector{quotes: make(chan Quote, providers)}
	defer c.stop()
	for p := range providers {
		go c.ask(p, price)
	}
	return <-c.quotes
}

// A request carries the channel for its answer.
type request struct {
	key   string
	reply chan string
}

// A Store answers requests in a goroutine of its own.
type Store struct {
	requests chan request
	lookup   func(string) string
}

// NewStore starts a store.
func NewStore(lookup func(string) string) *Store {
	s := &Store{requests: make(chan request), lookup: lookup}
	go s.loop()
	return s
}

func (s *Store) loop() {
	for r := range s.requests {
		r.reply <- s.lookup(r.key) // want "send on closed channel r.reply"
	}
}

// Get is bad: when it times out, it closes the channel that the loop answers
// on.
func (s *Store) Get(key string, timeout time.Duration) (string, error) {
	r := request{key: key, reply: make(chan string, 1)}
	defer close(r.reply)
	s.requests <- r
	select {
	case v := <-r.reply:
		return v, nil
	case <-time.After(timeout):
		return "", context.DeadlineExceeded
	}
}

// Lookup asks a new store for one key.
func Lookup(key string, lookup func(string) string) (string, error) {
	s := NewStore(lookup)
	defer close(s.requests)
	return s.Get(key, time.Millisecond)
}

// A Topic hands messages to its subscribers.
type Topic struct {
	mu   sync.Mutex
	subs map[int]chan string
}

// Publish sends to a snapshot of the subscribers, without the lock.
func (t *Topic) Publish(text string) {
	t.mu.Lock()
	snapshot := make([]chan string, 0, len(t.subs))
	for _, ch := range t.subs {
		snapshot = append(snapshot, ch)
	}
	t.mu.Unlock()
	for _, ch := range snapshot {
		ch <- text // want "send on closed channel ch"
	}
}

// Unsubscribe ends a subscription.
func (t *Topic) Unsubscribe(id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ch, ok := t.subs[id]; ok {
		delete(t.subs, id)
		close(ch)
	}
}

// Chat is bad: a channel of the snapshot may be closed by the time that
// Publish sends on it.
func Chat(texts []string) (first string) {
	ch := make(chan string, 1)
	t := &Topic{subs: map[int]chan string{1: ch}}
	go func() {
		for _, text := range texts {
			t.Publish(text)
		}
	}()
	first = <-ch
	t.Unsubscribe(1)
	return first
}

// A Loop runs functions one after the other.
type Loop struct {
	queue chan func()
	stop  chan struct{}
}

// Post queues a function.
func (l *Loop) Post(f func()) {
	l.queue <- f // want "send on closed channel l.queue"
}

func (l *Loop) run() {
	for {
		select {
		case f := <-l.queue:
			f()
		case <-l.stop:
			close(l.queue)
			for f := range l.queue {
				f()
			}
			return
		}
	}
}

// RunLoop is bad: the poster does not know that the loop has closed its inbox.
func RunLoop(fs []func()) {
	l := &Loop{queue: make(chan func(), len(fs)), stop: make(chan struct{})}
	go l.run()
	go func() {
		for _, f := range fs {
			l.Post(f)
		}
	}()
	close(l.stop)
}

// A recorder sends what it records unless its context ends.
type recorder struct {
	ch chan string
}

func (r *recorder) record(ctx context.Context, v string) {
	select {
	case <-ctx.Done():
	case r.ch <- v: // want "send on closed channel r.ch"
	}
}

func (r *recorder) finish() []string {
	close(r.ch)
	var all []string
	for v := range r.ch {
		all = append(all, v)
	}
	return all
}

// Record is bad: nothing waits for the recorders before finish.
func Record(ctx context.Context, values []string) []string {
	r := &recorder{ch: make(chan string, len(values))}
	for _, v := range values {
		go r.record(ctx, v)
	}
	return r.finish()
}

// Beat is bad: a stopped ticker does not end the goroutine that may be about
// to send the next beat.
func Beat(every time.Duration, work func()) (beats int) {
	ticker := time.NewTicker(every)
	pulse := make(chan time.Time, 1)
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case now := <-ticker.C:
				pulse <- now // want "send on closed channel pulse"
			case <-quit:
				return
			}
		}
	}()
	work()
	ticker.Stop()
	close(quit)
	close(pulse)
	for range pulse {
		beats++
	}
	return beats
}

// Crawl is bad: the task that closes pages runs beside those that send.
func Crawl(ctx context.Context, urls [2]string, get func(string) string) (pages []string, err error) {
	g, ctx := errgroup.WithContext(ctx)
	ch := make(chan string, len(urls))
	for _, u := range urls {
		g.Go(func() error {
			page := get(u)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			ch <- page // want "send on closed channel ch"
			return nil
		})
	}
	g.Go(func() error {
		defer close(ch)
		pages = append(pages, <-ch)
		return nil
	})
	return pages, g.Wait()
}

// Tasks is bad: the group counts the workers, but not the goroutine that
// reports the slow ones.
func Tasks(n int, work func(int) time.Duration, limit time.Duration) (slow []int) {
	var wg sync.WaitGroup
	reports := make(chan int, n)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if work(i) > limit {
				go func() {
					reports <- i // want "send on closed channel reports"
				}()
			}
		}()
	}
	wg.Wait()
	close(reports)
	for i := range reports {
		slow = append(slow, i)
	}
	return slow
}

// A pool gives its count up in a helper, before the result is sent.
type pool struct {
	wg      sync.WaitGroup
	results chan int
}

func (p *pool) finish(v int) int {
	p.wg.Done()
	return v
}

func (p *pool) work(v int, square func(int) int) {
	p.results <- p.finish(square(v)) // want "send on closed channel p.results"
}

func (p *pool) closer() {
	p.wg.Wait()
	close(p.results)
}

// Squares is bad: a worker is done before it has sent.
func Squares(n int, square func(int) int) (sum int) {
	p := &pool{results: make(chan int)}
	p.wg.Add(n)
	for i := range n {
		go p.work(i, square)
	}
	go p.closer()
	for v := range p.results {
		sum += v
	}
	return sum
}

// First is bad: on an error the reader closes the channel under the senders
// that have not been counted yet.
func First(sources []func() (string, error)) (string, error) {
	type item struct {
		text string
		err  error
	}
	items := make(chan item, len(sources))
	for _, source := range sources {
		go func() {
			text, err := source()
			items <- item{text, err} // want "send on closed channel items"
		}()
	}
	var all string
	for range sources {
		it := <-items
		if it.err != nil {
			close(items)
			return "", it.err
		}
		all += it.text
	}
	close(items)
	return all, nil
}

// Notify is bad, though nothing is reported here: the callback of the timer sends when the channel may be
// closed.
func Notify(d time.Duration, work func()) bool {
	late := make(chan bool, 1)
	timer := time.AfterFunc(d, func() {
		late <- true
	})
	work()
	timer.Stop()
	close(late)
	return <-late
}

var errStopped = errors.New("stopped")

// A Writer has a flag that is read without the lock under which it is set.
type Writer struct {
	mu     sync.Mutex
	closed bool
	rows   chan int
}

func (w *Writer) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// Write is bad: between the look at the flag and the send, Close may run.
func (w *Writer) Write(row int) error {
	if w.isClosed() {
		return errStopped
	}
	w.rows <- row // want "send on closed channel w.rows"
	return nil
}

// Close ends the rows.
func (w *Writer) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		close(w.rows)
	}
}

// WriteAll writes in a goroutine and closes after limit rows.
func WriteAll(rows, limit int) (n int) {
	w := &Writer{rows: make(chan int)}
	go func() {
		defer w.Close()
		for i := range rows {
			if w.Write(i) != nil {
				return
			}
		}
	}()
	for range w.rows {
		n++
		if n == limit {
			go w.Close()
		}
	}
	return n
}
