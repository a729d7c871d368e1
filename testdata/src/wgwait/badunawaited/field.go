package badunawaited

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Poller polls until it is closed.
type Poller struct {
	wg   sync.WaitGroup
	stop chan struct{}
	poll func()
}

// NewPoller starts a poller.
func NewPoller(poll func()) *Poller {
	p := &Poller{stop: make(chan struct{}), poll: poll}
	p.wg.Add(1)
	go p.run() // want "p.wg.Wait is never called: nothing waits for this goroutine, though it is counted"
	return p
}

func (p *Poller) run() {
	defer p.wg.Done()
	for {
		select {
		case <-p.stop:
			return
		default:
			p.poll()
		}
	}
}

// Close is bad: the last poll may still be running when it returns.
func (p *Poller) Close() { close(p.stop) }

// A Log writes in the background.
type Log struct {
	pending *sync.WaitGroup
	write   func(string)
}

// NewLog returns a log.
func NewLog(write func(string)) *Log {
	return &Log{pending: new(sync.WaitGroup), write: write}
}

// Print writes in the background.
func (l *Log) Print(line string) {
	l.pending.Go(func() { l.write(line) }) // want "l.pending.Wait is never called: nothing waits for this goroutine, though it is counted"
}

// Flush is bad: it is empty.
func (l *Log) Flush() {}

// team has the methods of its group.
type team struct {
	errgroup.Group
	name string
}

// All is bad: t.Wait would tell whether a task has failed.
func All(tasks []func() error) (err error) {
	t := &team{name: "all"}
	for _, task := range tasks {
		t.Go(task) // want "t.Wait is never called: nothing waits for this goroutine, and its error is lost .wgwait; see patterns/group"
	}
	return err
}

type batch struct {
	sync.WaitGroup
	mu  sync.Mutex
	sum int
}

// Sum is bad: it adds up what is there by now.
func Sum(rows []func() int) int {
	var b batch
	for _, row := range rows {
		b.Add(1)
		go func() { // want "b.Wait is never called: nothing waits for this goroutine, though it is counted"
			defer b.Done()
			n := row()
			b.mu.Lock()
			defer b.mu.Unlock()
			b.sum += n
		}()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sum
}

var background sync.WaitGroup

// Background starts a task that Drain should wait for.
func Background(task func()) {
	background.Go(task) // want "background.Wait is never called: nothing waits for this goroutine, though it is counted"
}

// Drain is bad: it is empty.
func Drain() {}
