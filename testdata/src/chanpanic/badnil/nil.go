// Package badnil holds closes of channels that are nil on some run.
package badnil

import (
	"errors"
	"net"
	"sync"
)

var errNoAddress = errors.New("no address")

// A Server has a quit channel from Serve on.
type Server struct {
	quit chan struct{}
	wg   sync.WaitGroup
	l    net.Listener
}

func (s *Server) listen(addr string) (err error) {
	if addr == "" {
		return errNoAddress
	}
	s.l, err = net.Listen("tcp", addr)
	return err
}

// Stop is called by Serve whatever happened.
func (s *Server) Stop() {
	close(s.quit) // want "close of nil channel s.quit"
	s.wg.Wait()
}

// Serve is bad: when it cannot listen, it stops before there is a channel.
func Serve(addr string, accept func(net.Listener)) error {
	s := &Server{}
	defer s.Stop()
	if err := s.listen(addr); err != nil {
		return err
	}
	s.quit = make(chan struct{})
	s.wg.Go(func() { accept(s.l) })
	return nil
}

// Download is bad: without verbose there is no channel to close.
func Download(parts []string, get func(string) error, verbose bool) error {
	var progress chan int
	if verbose {
		progress = make(chan int, len(parts))
	}
	for i, p := range parts {
		if err := get(p); err != nil {
			return err
		}
		if progress != nil {
			progress <- i
		}
	}
	close(progress) // want "close of nil channel progress"
	return nil
}

// A Hub hands messages to its subscribers.
type Hub struct {
	mu   sync.Mutex
	subs map[string]chan string
}

// Unsubscribe ends a subscription.
func (h *Hub) Unsubscribe(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := h.subs[id]
	delete(h.subs, id)
	close(ch) // want "close of nil channel ch"
}

// Greet is bad: the map has no such subscriber.
func Greet(text string) {
	h := &Hub{subs: make(map[string]chan string)}
	h.subs["a"] = make(chan string, 1)
	h.subs["a"] <- text
	h.Unsubscribe("b")
}

// Merge is bad: an input that has ended switches the output off for good.
func Merge(in <-chan int, limit int) <-chan int {
	var merged = make(chan int, limit)
	out := merged
	for v := range in {
		out <- v
		if len(merged) == limit {
			out = nil
			break
		}
	}
	close(out) // want "close of nil channel out"
	return merged
}

// A Job has a channel that tells of its end.
type Job struct {
	name string
	done chan struct{}
}

// newJob makes the channel in a variable that hides the one it means.
func newJob(name string) *Job {
	var done chan struct{}
	if name != "" {
		done := make(chan struct{})
		_ = done
	}
	return &Job{name: name, done: done}
}

// RunJob is bad: the job has no channel.
func RunJob(name string, run func(string)) {
	j := newJob(name)
	run(j.name)
	close(j.done) // want "close of nil channel j.done"
}

// A Gate lets nobody pass until it is opened.
type Gate struct {
	open chan struct{}
}

// init has a value receiver, so it sets the field of a copy.
func (g Gate) init() {
	g.open = make(chan struct{})
	_ = g.open
}

// OpenGate is bad: the gate itself has no channel.
func OpenGate() {
	var g Gate
	g.init()
	close(g.open) // want "close of nil channel g.open"
}

// A Pool has as many queues as workers.
type Pool struct {
	queues []chan int
}

// Drain is bad: the slice is as long as it should be, but nobody has made the
// channels.
func Drain(workers int) {
	p := &Pool{queues: make([]chan int, workers)}
	for _, q := range p.queues {
		close(q) // want "close of nil channel q"
	}
}

// A Monitor is started on demand.
type Monitor struct {
	once sync.Once
	stop chan struct{}
}

// Start makes the channel.
func (m *Monitor) Start() {
	m.once.Do(func() { m.stop = make(chan struct{}) })
}

// Close ends the monitor.
func (m *Monitor) Close() error {
	close(m.stop) // want "close of nil channel m.stop"
	return nil
}

// Measure is bad: with nothing to do, the monitor is closed but not started.
func Measure(tasks []func()) error {
	var m Monitor
	for _, task := range tasks {
		m.Start()
		task()
	}
	return m.Close()
}
