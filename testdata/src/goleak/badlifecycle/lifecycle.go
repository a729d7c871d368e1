// Package badlifecycle holds owners of goroutines that are not stopped on some path, or of which
// the stop does not stop.
package badlifecycle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
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
			select { // want "select blocks forever"
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

// Audit is bad: it never stops its worker.
func Audit(items []string, log func(string)) {
	w := newWorker(log)
	w.start()
	for _, item := range items {
		w.add(item)
	}
}

// AuditUnless is bad: it does not stop its worker when an item is refused.
func AuditUnless(items []string, refuse func(string) error, log func(string)) error {
	w := newWorker(log)
	w.start()
	for _, item := range items {
		if err := refuse(item); err != nil {
			return err
		}
		w.add(item)
	}
	w.stop()
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
		select { // want "select blocks forever"
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

// OpenLog is bad: when the directory cannot be opened, the pipeline is lost with its goroutine.
func OpenLog(dir string, size int64, openDir func(string) (*os.File, error)) (*Log, error) {
	l := &Log{fp: newFilePipeline(dir, size)}
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
	t := time.NewTicker(r.every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if r.report() != nil {
				return
			}
		case <-r.stop:
			close(r.ended)
			return
		}
	}
}

// Stop ends the reporter.
func (r *Reporter) Stop() {
	close(r.stop)
	<-r.ended // want "receive from r.ended blocks forever"
}

// During is bad: when a report has failed, run has returned without closing ended.
func During(work func(), every time.Duration, report func() error) {
	r := NewReporter(every, report)
	go r.run()
	work()
	r.Stop()
}

// Sampling is bad: Stop does not close a ticker's channel, so that the range does not end.
func Sampling(work func(), sample func()) {
	ticker := time.NewTicker(time.Millisecond)
	go func() {
		for range ticker.C { // want "range over ticker.C blocks forever"
			sample()
		}
	}()
	work()
	ticker.Stop()
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
			select { // want "select blocks forever"
			case e := <-s.events:
				deliver(e)
			case <-ctx.Done():
				return
			}
		}
	}()
	return s
}

// Replay is bad: it cancels the subscription after the last event only, not when publishing fails.
func Replay(history []string, publish func(string) error, deliver func(string)) error {
	s := subscribe(deliver)
	for _, e := range history {
		s.events <- e
		if err := publish(e); err != nil {
			return err
		}
	}
	s.cancel()
	return nil
}

// A Heartbeat beats until its done channel is closed.
type Heartbeat struct {
	done chan struct{}
	beat chan struct{}
}

// Beats is bad: Close is called on a copy that has a done channel of its own.
func Beats(n int, on func()) {
	h := Heartbeat{done: make(chan struct{}), beat: make(chan struct{})}
	go h.run(on)
	for range n {
		h.beat <- struct{}{}
	}
	h = h.reset()
	close(h.done)
}

func (h Heartbeat) run(on func()) {
	for {
		select { // want "select blocks forever"
		case <-h.beat:
			on()
		case <-h.done:
			return
		}
	}
}

func (h Heartbeat) reset() Heartbeat {
	h.done = make(chan struct{})
	return h
}

// Follow is bad: the read loop ends with an error, for which the function has no receiver after the
// quit.
func Follow(conn io.ReadCloser, quit <-chan struct{}, each func([]byte)) error {
	errc := make(chan error)
	go func() {
		buf := make([]byte, 512)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				errc <- err // want "send on errc blocks forever"
				return
			}
			each(buf[:n])
		}
	}()
	select {
	case err := <-errc:
		return err
	case <-quit:
		return conn.Close()
	}
}
