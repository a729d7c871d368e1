// Package goodlate holds channels that one goroutine closes when the others have
// sent.
package goodlate

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
	c.quotes <- Quote{provider, p, err}
}

func (c *collector) stop() { close(c.quotes) }

// Best is good: it leaves the buffered channel to the garbage collector.
func Best(providers int, price func(int) (int, error)) Quote {
	c := &collector{quotes: make(chan Quote, providers)}
	for p := range providers {
		go c.ask(p, price)
	}
	return <-c.quotes
}

// Cheapest is good: it receives as many quotes as there are senders, and
// closes then.
func Cheapest(providers int, price func(int) (int, error)) (best Quote) {
	c := &collector{quotes: make(chan Quote, providers)}
	defer c.stop()
	for p := range providers {
		go c.ask(p, price)
	}
	for i := range providers {
		if q := <-c.quotes; i == 0 || q.Price < best.Price {
			best = q
		}
	}
	return best
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
		r.reply <- s.lookup(r.key)
	}
}

// Get is good: nobody closes the channel for the answer.
func (s *Store) Get(key string, timeout time.Duration) (string, error) {
	r := request{key: key, reply: make(chan string, 1)}
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

// Publish sends under the lock, to those who can take it.
func (t *Topic) Publish(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ch := range t.subs {
		select {
		case ch <- text:
		default:
		}
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

// Chat is good: the lock orders Publish and Unsubscribe.
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
	mu     sync.Mutex
	closed bool

	queue chan func()
	stop  chan struct{}
}

// Post queues a function unless the loop has been stopped.
func (l *Loop) Post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.queue <- f
	return true
}

// Stop ends the loop; what is posted later is not queued.
func (l *Loop) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	close(l.stop)
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

// RunLoop is good: Stop sets a flag under the lock that Post holds.
func RunLoop(fs []func()) {
	l := &Loop{queue: make(chan func(), len(fs)), stop: make(chan struct{})}
	go l.run()
	go func() {
		for _, f := range fs {
			l.Post(f)
		}
	}()
	l.Stop()
}

// A recorder sends what it records unless its context ends.
type recorder struct {
	ch chan string
}

func (r *recorder) record(ctx context.Context, v string) {
	select {
	case <-ctx.Done():
	case r.ch <- v:
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

// Record is good: it waits for the recorders before finish.
func Record(ctx context.Context, values []string) []string {
	r := &recorder{ch: make(chan string, len(values))}
	var wg sync.WaitGroup
	for _, v := range values {
		wg.Go(func() { r.record(ctx, v) })
	}
	wg.Wait()
	return r.finish()
}

// Beat is good: it waits for the goroutine that sends the beats.
func Beat(every time.Duration, work func()) (beats int) {
	ticker := time.NewTicker(every)
	pulse := make(chan time.Time, 1)
	quit, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case now := <-ticker.C:
				select {
				case pulse <- now:
				default:
				}
			case <-quit:
				return
			}
		}
	}()
	work()
	ticker.Stop()
	close(quit)
	<-stopped
	close(pulse)
	for range pulse {
		beats++
	}
	return beats
}

// Crawl is good: the group's Wait comes before the close.
func Crawl(ctx context.Context, urls [2]string, get func(string) string) (pages []string, err error) {
	g, ctx := errgroup.WithContext(ctx)
	ch := make(chan string, len(urls))
	for _, u := range urls {
		g.Go(func() error {
			page := get(u)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			ch <- page
			return nil
		})
	}
	err = g.Wait()
	close(ch)
	for page := range ch {
		pages = append(pages, page)
	}
	return pages, err
}

// Tasks is good: the group also counts the goroutine that reports the slow
// ones, while its worker is counted.
func Tasks(n int, work func(int) time.Duration, limit time.Duration) (slow []int) {
	var wg sync.WaitGroup
	reports := make(chan int, n)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if work(i) > limit {
				wg.Add(1)
				go func() {
					defer wg.Done()
					reports <- i
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

// A pool gives its count up in a helper, when the result has been sent.
type pool struct {
	wg      sync.WaitGroup
	results chan int
}

func (p *pool) finish(v int) {
	p.results <- v
	p.wg.Done()
}

func (p *pool) work(v int, square func(int) int) {
	p.finish(square(v))
}

func (p *pool) closer() {
	p.wg.Wait()
	close(p.results)
}

// Squares is good: a worker is done when it has sent.
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

// First is good: on an error it returns without a close, and the buffer takes
// what is still to come.
func First(sources []func() (string, error)) (string, error) {
	type item struct {
		text string
		err  error
	}
	items := make(chan item, len(sources))
	for _, source := range sources {
		go func() {
			text, err := source()
			items <- item{text, err}
		}()
	}
	var all string
	for range sources {
		it := <-items
		if it.err != nil {
			return "", it.err
		}
		all += it.text
	}
	close(items)
	return all, nil
}

// Notify is good: a timer that could not be stopped sends, and is awaited.
func Notify(d time.Duration, work func()) bool {
	late := make(chan bool, 1)
	timer := time.AfterFunc(d, func() {
		late <- true
	})
	work()
	if !timer.Stop() {
		return <-late
	}
	close(late)
	return <-late
}

var errStopped = errors.New("stopped")

// A Writer has a flag that is read under the lock under which it is set.
type Writer struct {
	mu     sync.RWMutex
	closed bool
	rows   chan int
}

// Write is good: Close cannot run between the look at the flag and the send.
func (w *Writer) Write(row int) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errStopped
	}
	w.rows <- row
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

// Handshake is good: the sender says that it has sent its last value.
func Handshake(values []int) (sum int) {
	ch, sent := make(chan int, len(values)), make(chan struct{})
	go func() {
		for _, v := range values {
			ch <- v
		}
		sent <- struct{}{}
	}()
	<-sent
	close(ch)
	for v := range ch {
		sum += v
	}
	return sum
}

// Slots is good: whoever holds all slots knows that no sender is left.
func Slots(values []int, slots int) (all []int) {
	sem := make(chan struct{}, slots)
	out := make(chan int, len(values))
	for _, v := range values {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			out <- v
		}()
	}
	for range slots {
		sem <- struct{}{}
	}
	close(out)
	for v := range out {
		all = append(all, v)
	}
	return all
}

// Cancel is good: the stage closes its own output, whatever its reader does.
func Cancel(ctx context.Context, in []int) (first int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan int)
	go func() {
		defer close(out)
		for _, v := range in {
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
		}
	}()
	return <-out
}

// A Feed is sent to and closed by its owner, who calls one after the other.
type Feed struct {
	ch chan int
}

// Enqueue is good: its callers do not use it after Wait.
func (f *Feed) Enqueue(ctx context.Context, v int) {
	select {
	case <-ctx.Done():
	case f.ch <- v:
	}
}

// Wait ends the feed.
func (f *Feed) Wait() { close(f.ch) }
