// Package goodlifecycle holds owners of goroutines that are stopped on all paths, or handed to a
// caller who can stop them.
package goodlifecycle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// A worker takes what is added to its queue until it is stopped.
type worker struct {
	queue chan string
	done  chan struct{}
	seen  func(string)
}

func newWorker(seen func(string)) worker {
	return worker{queue: make(chan string), done: make(chan struct{}), seen: seen}
}

func (w worker) start() {
	go func() {
		for {
			select {
			case item := <-w.queue:
				w.seen(item)
			case <-w.done:
				return
			}
		}
	}()
}

func (w worker) add(item string) { w.queue <- item }

func (w worker) stop() { close(w.done) }

// Audit is good: it stops its worker at the end.
func Audit(items []string, log func(string)) {
	w := newWorker(log)
	w.start()
	for _, item := range items {
		w.add(item)
	}
	w.stop()
}

// AuditUnless is good: the stop is deferred.
func AuditUnless(items []string, refuse func(string) error, log func(string)) error {
	w := newWorker(log)
	w.start()
	defer w.stop()
	for _, item := range items {
		if err := refuse(item); err != nil {
			return err
		}
		w.add(item)
	}
	return nil
}

// A filePipeline prepares the next file while the current one is written.
type filePipeline struct {
	dir   string
	size  int64
	filec chan *os.File
	errc  chan error
	donec chan struct{}
}

func newFilePipeline(dir string, size int64) *filePipeline {
	fp := &filePipeline{
		dir:   dir,
		size:  size,
		filec: make(chan *os.File),
		errc:  make(chan error, 1),
		donec: make(chan struct{}),
	}
	go fp.run()
	return fp
}

// Open returns a prepared file.
func (fp *filePipeline) Open() (*os.File, error) {
	select {
	case f := <-fp.filec:
		return f, nil
	case err := <-fp.errc:
		return nil, err
	}
}

// Close ends the pipeline.
func (fp *filePipeline) Close() { close(fp.donec) }

func (fp *filePipeline) run() {
	for {
		f, err := os.CreateTemp(fp.dir, "segment-")
		if err == nil {
			err = f.Truncate(fp.size)
		}
		if err != nil {
			fp.errc <- err
			return
		}
		select {
		case fp.filec <- f:
		case <-fp.donec:
			os.Remove(f.Name())
			f.Close()
			return
		}
	}
}

// A Log is a sequence of files.
type Log struct {
	fp  *filePipeline
	cur *os.File
	dir *os.File
}

// OpenLog is good: the pipeline is closed when the directory cannot be opened, and else belongs to
// the caller with the log.
func OpenLog(dir string, size int64, openDir func(string) (*os.File, error)) (_ *Log, err error) {
	l := &Log{fp: newFilePipeline(dir, size)}
	defer func() {
		if err != nil {
			l.fp.Close()
		}
	}()
	d, err := openDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	l.dir = d
	return l, nil
}

// Cut begins a new file.
func (l *Log) Cut() (err error) {
	l.cur, err = l.fp.Open()
	return err
}

// Close closes the log.
func (l *Log) Close() error {
	l.fp.Close()
	return errors.Join(l.cur.Close(), l.dir.Close())
}

// A Reporter sends reports from time to time.
type Reporter struct {
	every  time.Duration
	report func() error
	stop   chan struct{}
	ended  chan struct{}
}

// NewReporter returns a reporter that does not run.
func NewReporter(every time.Duration, report func() error) *Reporter {
	return &Reporter{every: every, report: report, stop: make(chan struct{}), ended: make(chan struct{})}
}

func (r *Reporter) run() {
	defer close(r.ended)
	t := time.NewTicker(r.every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if r.report() != nil {
				return
			}
		case <-r.stop:
			return
		}
	}
}

// Stop ends the reporter.
func (r *Reporter) Stop() {
	close(r.stop)
	<-r.ended
}

// During is good: run closes ended on each of its ways out.
func During(work func(), every time.Duration, report func() error) {
	r := NewReporter(every, report)
	go r.run()
	work()
	r.Stop()
}

// Sampling is good: a done channel ends the loop, Stop only the ticks.
func Sampling(work func(), sample func()) {
	ticker := time.NewTicker(time.Millisecond)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				sample()
			case <-done:
				return
			}
		}
	}()
	work()
	ticker.Stop()
	close(done)
}

// A Subscription delivers events to a callback until it is cancelled.
type Subscription struct {
	events chan string
	cancel context.CancelFunc
}

func subscribe(deliver func(string)) *Subscription {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Subscription{events: make(chan string), cancel: cancel}
	go func() {
		for {
			select {
			case e := <-s.events:
				deliver(e)
			case <-ctx.Done():
				return
			}
		}
	}()
	return s
}

// Replay is good: it cancels the subscription when it returns.
func Replay(history []string, publish func(string) error, deliver func(string)) error {
	s := subscribe(deliver)
	defer s.cancel()
	for _, e := range history {
		s.events <- e
		if err := publish(e); err != nil {
			return err
		}
	}
	return nil
}

// Subscribe is good: the caller gets the subscription and can cancel it.
func Subscribe(deliver func(string)) *Subscription { return subscribe(deliver) }

// Cancel ends the subscription.
func (s *Subscription) Cancel() { s.cancel() }

// A Heartbeat beats until its done channel is closed.
type Heartbeat struct {
	done chan struct{}
	beat chan struct{}
}

// Beats is good: a copy of the heartbeat has the same done channel.
func Beats(n int, on func()) {
	h := Heartbeat{done: make(chan struct{}), beat: make(chan struct{})}
	go h.run(on)
	for range n {
		h.beat <- struct{}{}
	}
	last := h
	close(last.done)
}

func (h Heartbeat) run(on func()) {
	for {
		select {
		case <-h.beat:
			on()
		case <-h.done:
			return
		}
	}
}

// A Cache evicts in the background from the first use to Close.
type Cache struct {
	start sync.Once
	stop  sync.Once
	quit  chan struct{}
	evict func()
}

// NewCache returns a cache that calls evict from time to time.
func NewCache(evict func()) *Cache { return &Cache{quit: make(chan struct{}), evict: evict} }

// Touch starts the eviction; the goroutine ends when Close is called, by whomever.
func (c *Cache) Touch() {
	c.start.Do(func() {
		go func() {
			t := time.NewTicker(time.Millisecond)
			defer t.Stop()
			for {
				select {
				case <-t.C:
					c.evict()
				case <-c.quit:
					return
				}
			}
		}()
	})
}

// Close ends the eviction.
func (c *Cache) Close() { c.stop.Do(func() { close(c.quit) }) }

// WithCache is good: two Touches start one goroutine, which Close ends.
func WithCache(use func(*Cache), evict func()) {
	c := NewCache(evict)
	defer c.Close()
	c.Touch()
	use(c)
	c.Touch()
}

// Follow is good: after the quit the function receives the error with which the closed connection
// ends the read loop.
func Follow(conn io.ReadCloser, quit <-chan struct{}, each func([]byte)) error {
	errc := make(chan error)
	go func() {
		buf := make([]byte, 512)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				errc <- err
				return
			}
			each(buf[:n])
		}
	}()
	select {
	case err := <-errc:
		return err
	case <-quit:
		err := conn.Close()
		<-errc
		return err
	}
}
