package goodlimits

import (
	"sync"
	"time"
)

// Ordered is good: the results are used in the order of the events, and the queue of
// those that are under way has room for eight.
func Ordered(events []Event, process func(Event) string, out func(string)) {
	slots := make(chan chan string, 8)
	go func() {
		defer close(slots)
		for _, ev := range events {
			c := make(chan string, 1)
			slots <- c
			go func() { c <- process(ev) }()
		}
	}()
	for c := range slots {
		out(<-c)
	}
}

type job struct {
	ev   Event
	out  string
	done chan struct{}
}

// OrderedJobs is good: the same with a struct that tells when it is done, and sent
// after the start.
func OrderedJobs(events []Event, process func(Event) string, out func(string)) {
	order := make(chan *job, 8)
	var wg sync.WaitGroup
	wg.Go(func() {
		for j := range order {
			<-j.done
			out(j.out)
		}
	})
	for _, ev := range events {
		j := &job{ev: ev, done: make(chan struct{})}
		go func() {
			defer close(j.done)
			j.out = process(j.ev)
		}()
		order <- j
	}
	close(order)
	wg.Wait()
}

// Writer writes what is computed at the same time in order.
type Writer struct {
	order chan chan []byte
	err   error
}

// Run is the other end of the queue of Write.
func (w *Writer) Run(out func([]byte) error) {
	for c := range w.order {
		if err := out(<-c); err != nil {
			w.err = err
		}
	}
}

// Write is good: whoever runs Run waits for each before it takes the next.
func (w *Writer) Write(events []Event, encode func(Event) []byte) {
	for _, ev := range events {
		c := make(chan []byte, 1)
		w.order <- c
		go func() { c <- encode(ev) }()
	}
}

// Paced is good: ten per second.
func Paced(events []Event, process func(Event)) {
	tick := time.NewTicker(time.Second / 10)
	defer tick.Stop()
	for _, ev := range events {
		<-tick.C
		go process(ev)
	}
}
