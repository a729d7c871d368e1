// Package goodclosed has channels that say something else than that it is over,
// and loops that heed those that do.
package goodclosed

import (
	"log"
	"time"
)

// A worker is woken by values, not by a close.
type worker struct {
	wake chan struct{}
	stop chan struct{}
	work []func()
}

func newWorker() *worker {
	return &worker{wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

func (w *worker) notify() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *worker) close() { close(w.stop) }

func (w *worker) run() {
	for {
		select {
		case <-w.wake:
		case <-w.stop:
			return
		}
		for _, f := range w.work {
			f()
		}
	}
}

// idle only waits for the two, in whatever order they come.
func (w *worker) idle() {
	for {
		select {
		case <-w.wake:
			break
		case <-w.stop:
			return
		}
	}
}

// Signals get a channel from elsewhere: what is sent there is not known.
func Signals(stop <-chan struct{}, in <-chan int) (sum int) {
	for {
		select {
		case <-stop:
		case n, ok := <-in:
			if !ok {
				return sum
			}
			sum += n
		}
	}
}

// Merge sets to nil what is closed.
func Merge(a, b <-chan int, out chan<- int) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				break
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			out <- v
		}
	}
	close(out)
}

// Count counts the inputs that are closed.
func Count(ins chan (<-chan int), out chan<- int) {
	open := 2
	a, b := <-ins, <-ins
	for open > 0 {
		select {
		case v, ok := <-a:
			if !ok {
				open--
				a = nil
				break
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				open--
				b = nil
				break
			}
			out <- v
		}
	}
}

// Reopen takes another channel for the one that is closed.
func Reopen(open func() <-chan int, stop <-chan time.Time) (sum int) {
	in := open()
	for {
		select {
		case n, ok := <-in:
			if !ok {
				in = open()
				break
			}
			sum += n
		case <-stop:
			return sum
		}
	}
}

// A reader opens its channel again in a method.
type reader struct{ in chan int }

func (r *reader) open() { r.in = make(chan int) }

func (r *reader) run(stop <-chan time.Time) (sum int) {
	for {
		select {
		case n, ok := <-r.in:
			if !ok {
				r.open()
				continue
			}
			sum += n
		case <-stop:
			return sum
		}
	}
}

// Restart makes the channel again for each start.
type Restart struct{ done chan struct{} }

// Start may follow each Stop.
func (r *Restart) Start() {
	r.done = make(chan struct{})
	go r.run()
}

// Stop ends run.
func (r *Restart) Stop() { close(r.done) }

func (r *Restart) run() {
	for {
		select {
		case <-r.done:
			log.Print("over")
			return
		case <-time.After(time.Second):
			log.Print("on")
		}
	}
}

// Discard takes what the peer sends so that the peer can go on.
func Discard(replies <-chan int, errs <-chan error, closed <-chan struct{}) {
	for {
		select {
		case <-replies:
		case <-errs:
		case <-closed:
			return
		}
	}
}

// Given sends on the channel that it only closes elsewhere.
func Given(send func(chan struct{}), in <-chan int) (sum int) {
	done := make(chan struct{})
	go send(done)
	defer close(done)
	for {
		select {
		case <-done:
		case n, ok := <-in:
			if !ok {
				return sum
			}
			sum += n
		}
	}
}

// Open looks at ok, and does not mind.
func Open(in <-chan int, stop <-chan struct{}) (sum int) {
	for {
		select {
		case n, ok := <-in:
			if !ok {
				log.Print("closed")
				return sum
			}
			if n < 0 {
				break
			}
			sum += n
		case <-stop:
			return sum
		}
	}
}

// A broadcast closes its channel to wake all who wait, and makes another one.
type broadcast struct{ changed chan struct{} }

func newBroadcast() *broadcast { return &broadcast{changed: make(chan struct{})} }

func (b *broadcast) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *broadcast) show(stop <-chan time.Time) {
	for {
		select {
		case <-b.changed:
			log.Print("changed")
		case <-stop:
			return
		}
	}
}

// SkipsRest breaks out of the case to what is done in each turn.
func SkipsRest(in <-chan int, t <-chan time.Time, flush func(int) error) error {
	sum := 0
	for {
		select {
		case n, ok := <-in:
			if !ok {
				break
			}
			sum += n
		case <-t:
		}
		if err := flush(sum); err != nil {
			return err
		}
	}
}
