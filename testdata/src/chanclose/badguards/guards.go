// Package badguards has a count, a result or a comparison too, but it does not
// say that the close is right, or may be left out.
package badguards

import (
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

func (b *board) close() {
	close(b.samples) // want "close of b.samples does not wait"
}

// Peak is bad: an error leaves the loop before all probes have sent.
func Peak(sensors int, read func(int) (float64, error)) (peak Sample) {
	b := &board{make(chan Sample)}
	defer b.close()
	for i := range sensors {
		go b.probe(i, read)
	}
	for range sensors {
		s := <-b.samples
		if s.Err != nil {
			return s
		}
		if s.Value > peak.Value {
			peak = s
		}
	}
	return peak
}

// Expired is bad: it closes where the timer was not stopped: it has fired.
func Expired(after time.Duration, work func()) bool {
	fired := make(chan bool)
	timer := time.AfterFunc(after, func() { fired <- true })
	work()
	if timer.Stop() {
		return false
	}
	close(fired) // want "close of fired does not wait"
	return <-fired
}

// Unstopped is bad: it does not ask whether the timer was stopped.
func Unstopped(after time.Duration, work func()) bool {
	fired := make(chan bool)
	timer := time.AfterFunc(after, func() { fired <- true })
	work()
	timer.Stop()
	close(fired) // want "close of fired does not wait"
	return <-fired
}

// A duplex is a connection; an echo has one channel for both directions.
type duplex struct{ read, write chan string }

func echo() *duplex {
	both := make(chan string, 1)
	return &duplex{both, both}
}

// hangUp is bad: that both are set does not mean that they differ.
func (d *duplex) hangUp() {
	close(d.read)
	if d.write == nil {
		return
	}
	close(d.write) // want "close of d.write, which is closed already"
}

// Say talks to the echo.
func Say(s string) string {
	d := echo()
	d.write <- s
	s = <-d.read
	d.hangUp()
	return s
}

func publish(events chan<- int, e int) {
	events <- e // want "send on events after its close"
}

// Publish is bad: nobody recovers from the panic.
func Publish(list []int) int {
	events := make(chan int, len(list)+1)
	for _, e := range list {
		publish(events, e)
	}
	close(events)
	publish(events, 0)
	return len(events)
}

// Store is bad: one of two writers has left, and the other waits for the close.
func Store(rows []string, write func(string) error) error {
	queue := make(chan string)
	broken := make(chan error, 2)
	for range 2 {
		go func() {
			for row := range queue { // want "queue is not closed when the function that closes it ends"
				if err := write(row); err != nil {
					broken <- err
					return
				}
			}
			broken <- nil
		}()
	}
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

// Walk is bad: left counts the folder of which the listing is awaited, but not
// those that are found in it.
func Walk(root string, list func(string) []string, workers int) {
	folders := make(chan string)
	var left sync.WaitGroup
	for range workers {
		go func() {
			for folder := range folders {
				names := list(folder)
				go func() {
					for _, name := range names {
						folders <- name
					}
				}()
				left.Done()
			}
		}()
	}
	left.Add(1)
	folders <- root
	left.Wait()
	close(folders) // want "close of folders does not wait"
}

// Relay is bad: the first baton is under way when the track is closed.
func Relay(laps int, run func(int)) {
	baton := make(chan int)
	for range 4 {
		go func() {
			for lap := range baton {
				run(lap)
				if lap < laps {
					baton <- lap + 1
				}
			}
		}()
	}
	baton <- 1
	close(baton) // want "close of baton does not wait"
}

// Print is bad: it is no test, and leaves a printer behind with each call.
func Print(lines []string, print func(string)) {
	queue := make(chan string)
	go func() {
		for line := range queue { // want "queue is never closed"
			print(line)
		}
	}()
	for _, line := range lines {
		queue <- line
	}
}
