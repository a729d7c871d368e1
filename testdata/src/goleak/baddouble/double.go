// Package baddouble holds goroutines that send once more than somebody receives.
package baddouble

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

// Run is bad: the return is missing after the send of the error, and one status is received.
func Run(job string, work func() error) Status {
	statuses := make(chan Status)
	go func() {
		err := work()
		if err != nil {
			statuses <- Status{job, err}
		}
		statuses <- Status{Job: job} // want "send on statuses blocks forever"
	}()
	return <-statuses
}

// Decode is bad: a second record of unknown type fills the channel of capacity 1, and the decoder
// does not return after sending.
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
				errc <- fmt.Errorf("record type %d", rec.Type) // want "send on errc blocks forever"
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

// Load is bad: the goroutine goes on after the failed open and sends again.
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
	}
	var conf map[string]string
	if f != nil {
		err = json.NewDecoder(f).Decode(&conf)
	}
	done <- loaded{conf, err} // want "send on done blocks forever"
}

// ErrStale is sent when a lease was not renewed.
var ErrStale = errors.New("stale lease")

// Renew is bad: the deferred send comes on top of the one in the body.
func Renew(ctx context.Context, renew func(context.Context) error) error {
	result := make(chan error)
	go func() {
		var err error
		defer func() {
			result <- err // want "send on result blocks forever"
		}()
		if err = renew(ctx); err != nil {
			result <- ErrStale
			return
		}
	}()
	return <-result
}

// Progress is bad: the last notice comes after the reader has seen the end and left.
func Progress(parts []func() error, show func(done int)) error {
	type notice struct {
		done int
		err  error
	}
	notices := make(chan notice)
	go func() {
		for i, part := range parts {
			if err := part(); err != nil {
				notices <- notice{i, err}
				break
			}
			notices <- notice{done: i + 1}
		}
		notices <- notice{done: len(parts)} // want "send on notices blocks forever"
	}()
	for n := range notices {
		if n.err != nil {
			return n.err
		}
		show(n.done)
		if n.done == len(parts) {
			break
		}
	}
	return nil
}

// respond sends what a lookup gave.
func respond[K comparable, V any](out chan<- V, m map[K]V, key K, missing V) {
	v, ok := m[key]
	if !ok {
		out <- missing
	}
	out <- v // want "send on out blocks forever"
}

// Lookup is bad: respond sends twice for a missing key.
func Lookup(ports map[string]int, service string) int {
	out := make(chan int)
	go respond(out, ports, service, -1)
	return <-out
}

// Notify is bad: each failed event is reported, and the end as well, but one report is received.
func Notify(events []string, publish func(string) error) error {
	reports := make(chan error)
	go func() {
		for _, e := range events {
			if err := publish(e); err != nil {
				reports <- fmt.Errorf("event %s: %w", e, err) // want "send on reports blocks forever"
			}
		}
		reports <- nil // want "send on reports blocks forever"
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

// Next is bad: continue is missing after the version -1 that stands for an error.
func (p *Poller) Next() int {
	go p.poll()
	return <-p.version
}

// NextVersion returns the next version of what changed asks for.
func NextVersion(changed func() (bool, error)) int { return NewPoller(changed).Next() }

func (p *Poller) poll() {
	for v := 1; ; v++ {
		ok, err := p.changed()
		if err != nil {
			p.version <- -1
			ok = true
		}
		if ok {
			p.version <- v // want "send on p.version blocks forever"
			return
		}
	}
}
