// Package gooddouble holds goroutines with several sends, of which one is made on each path, or for
// which there is room.
package gooddouble

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A Record is an entry of a log.
type Record struct {
	Type byte
	Data []byte
}

// Status is what a job reports.
type Status struct {
	Job string
	Err error
}

// Run is good: one send on either path.
func Run(job string, work func() error) Status {
	statuses := make(chan Status)
	go func() {
		err := work()
		if err != nil {
			statuses <- Status{job, err}
			return
		}
		statuses <- Status{Job: job}
	}()
	return <-statuses
}

// Decode is good: the decoder returns when it has sent the error.
func Decode(r io.Reader, next func(io.Reader) (Record, bool), apply func(Record)) error {
	errc := make(chan error, 1)
	records := make(chan Record)
	go func() {
		defer close(records)
		for {
			rec, ok := next(r)
			if !ok {
				return
			}
			switch rec.Type {
			case 1, 2:
				records <- rec
			default:
				errc <- fmt.Errorf("record type %d", rec.Type)
				return
			}
		}
	}()
	for rec := range records {
		apply(rec)
	}
	select {
	case err := <-errc:
		return err
	default:
		return nil
	}
}

// A Loader reads configuration in the background.
type Loader struct {
	open func(name string) (io.ReadCloser, error)
}

// NewLoader returns a loader that opens files with a function.
func NewLoader(open func(string) (io.ReadCloser, error)) *Loader { return &Loader{open} }

type loaded struct {
	conf map[string]string
	err  error
}

// Load is good: load sends on one of two branches.
func (l *Loader) Load(name string) (map[string]string, error) {
	done := make(chan loaded)
	go l.load(name, done)
	r := <-done
	return r.conf, r.err
}

func (l *Loader) load(name string, done chan<- loaded) {
	f, err := l.open(name)
	if err != nil {
		done <- loaded{err: err}
	} else {
		defer f.Close()
		var conf map[string]string
		err = json.NewDecoder(f).Decode(&conf)
		done <- loaded{conf, err}
	}
}

// ErrStale is sent when a lease was not renewed.
var ErrStale = errors.New("stale lease")

// Renew is good: the deferred send is the only one.
func Renew(ctx context.Context, renew func(context.Context) error) error {
	result := make(chan error)
	go func() {
		var err error
		defer func() {
			result <- err
		}()
		if err = renew(ctx); err != nil {
			err = ErrStale
			return
		}
	}()
	return <-result
}

// Progress is good: the reader ranges until the close.
func Progress(parts []func() error, show func(done int)) (err error) {
	type notice struct {
		done int
		err  error
	}
	notices := make(chan notice)
	go func() {
		defer close(notices)
		for i, part := range parts {
			if err := part(); err != nil {
				notices <- notice{i, err}
				break
			}
			notices <- notice{done: i + 1}
		}
		notices <- notice{done: len(parts)}
	}()
	for n := range notices {
		if n.err != nil {
			err = n.err
		}
		show(n.done)
	}
	return err
}

// respond sends what a lookup gave.
func respond[K comparable, V any](out chan<- V, m map[K]V, key K, missing V) {
	v, ok := m[key]
	if !ok {
		v = missing
	}
	out <- v
}

// Lookup is good: respond sends once.
func Lookup(ports map[string]int, service string) int {
	out := make(chan int)
	go respond(out, ports, service, -1)
	return <-out
}

// Notify is good: a slot for each event and one for the end.
func Notify(events []string, publish func(string) error) error {
	reports := make(chan error, len(events)+1)
	go func() {
		for _, e := range events {
			if err := publish(e); err != nil {
				reports <- fmt.Errorf("event %s: %w", e, err)
			}
		}
		reports <- nil
	}()
	return <-reports
}

// A Poller asks until something has changed.
type Poller struct {
	changed func() (bool, error)
	version chan int
}

// NewPoller returns a poller.
func NewPoller(changed func() (bool, error)) *Poller {
	return &Poller{changed: changed, version: make(chan int)}
}

// Next is good: poll sends -1 for an error and returns.
func (p *Poller) Next() int {
	go p.poll()
	return <-p.version
}

// NextVersion returns the next version of what changed asks for.
func NextVersion(changed func() (bool, error)) int { return NewPoller(changed).Next() }

func (p *Poller) poll() {
	for v := 1; ; v++ {
		ok, err := p.changed()
		switch {
		case err != nil:
			p.version <- -1
			return
		case ok:
			p.version <- v
			return
		}
	}
}

// Pair is good: two sends, two receives, the second one deferred.
func Pair(work func() (int, error)) (n int, err error) {
	type part struct {
		n   int
		err error
	}
	parts := make(chan part)
	go func() {
		n, err := work()
		parts <- part{n: n}
		parts <- part{err: err}
	}()
	defer func() { err = (<-parts).err }()
	return (<-parts).n, nil
}
