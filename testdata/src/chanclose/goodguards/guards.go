// Package goodguards decides by a count, a result or a comparison that a close
// is right, or may be left out.
package goodguards

import (
	"errors"
	"sync"
	"time"
)

// A Sample is a measurement, or why there is none.
type Sample struct {
	Sensor int
	Value  float64
	Err    error
}

type board struct{ samples chan Sample }

func (b *board) probe(sensor int, read func(int) (float64, error)) {
	v, err := read(sensor)
	b.samples <- Sample{sensor, v, err}
}

func (b *board) close() { close(b.samples) }

// Peak is good: the loop has as many turns as there are probes, and no way out.
func Peak(sensors int, read func(int) (float64, error)) (peak Sample) {
	b := &board{make(chan Sample)}
	defer b.close()
	for i := range sensors {
		go b.probe(i, read)
	}
	for range sensors {
		s := <-b.samples
		if s.Err != nil {
			continue
		}
		if s.Value > peak.Value {
			peak = s
		}
	}
	return peak
}

// Expired is good: it closes only where the timer was stopped before it fired.
func Expired(after time.Duration, work func()) bool {
	fired := make(chan bool)
	timer := time.AfterFunc(after, func() { fired <- true })
	work()
	if stopped := timer.Stop(); stopped {
		close(fired)
	}
	return <-fired
}

// A duplex is a connection; an echo has one channel for both directions.
type duplex struct{ read, write chan string }

func echo() *duplex {
	both := make(chan string, 1)
	return &duplex{both, both}
}

// hangUp is good: it closes the second channel only if it is another one.
func (d *duplex) hangUp() {
	close(d.read)
	if d.read == d.write {
		return
	}
	close(d.write)
}

// Say talks to the echo.
func Say(s string) string {
	d := echo()
	d.write <- s
	s = <-d.read
	d.hangUp()
	return s
}

// ErrGone means that nobody takes events any more.
var ErrGone = errors.New("gone")

func publish(events chan<- int, e int) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrGone
		}
	}()
	events <- e
	return nil
}

// Publish is good: whoever publishes after the close is told so.
func Publish(list []int) (n int, err error) {
	events := make(chan int, len(list))
	for i, e := range list {
		if i == 2 {
			close(events)
		}
		if err := publish(events, e); err != nil {
			break
		}
	}
	return len(events), publish(events, 0)
}

// Store is good: it leaves without a close only when the writer, of which there
// is one, has left before.
func Store(rows []string, write func(string) error) error {
	queue := make(chan string)
	broken := make(chan error, 1)
	go func() {
		for row := range queue {
			if err := write(row); err != nil {
				broken <- err
				return
			}
		}
		broken <- nil
	}()
	for _, row := range rows {
		select {
		case queue <- row:
		case err := <-broken:
			return err
		}
	}
	close(queue)
	return <-broken
}

// Walk is good: left counts the folders that nobody has listed, and a folder is
// off the list only when those in it are on it.
func Walk(root string, list func(string) []string, workers int) {
	folders := make(chan string)
	var left sync.WaitGroup
	add := func(names []string) {
		left.Add(len(names))
		go func() {
			for _, name := range names {
				folders <- name
			}
		}()
	}
	for range workers {
		go func() {
			for folder := range folders {
				add(list(folder))
				left.Done()
			}
		}()
	}
	add([]string{root})
	left.Wait()
	close(folders)
}

// Relay is good: the runners pass the baton on, and where none is handed to them
// there is nothing to send.
func Relay(laps int, run func(int)) {
	baton := make(chan int)
	for range 4 {
		go func() {
			for lap := range baton {
				run(lap)
				if lap == laps {
					close(baton)
					return
				}
				baton <- lap + 1
			}
		}()
	}
	if laps < 1 {
		close(baton)
		return
	}
	baton <- 1
}
