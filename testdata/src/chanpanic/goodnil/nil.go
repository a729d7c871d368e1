// Package goodnil holds channels that may be nil, and are not when they are closed.
package goodnil

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
	close(s.quit)
	s.wg.Wait()
}

// Serve is good: there is a channel before anything can fail.
func Serve(addr string, accept func(net.Listener)) error {
	s := &Server{quit: make(chan struct{})}
	defer s.Stop()
	if err := s.listen(addr); err != nil {
		return err
	}
	s.wg.Go(func() { accept(s.l) })
	return nil
}

// Download is good: the channel is closed if there is one.
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
	if progress != nil {
		close(progress)
	}
	return nil
}

// DownloadFlag is good: the flag that makes the channel closes it.
func DownloadFlag(parts []string, get func(string) error, verbose bool) error {
	var progress chan int
	if verbose {
		progress = make(chan int, len(parts))
	}
	for i, p := range parts {
		if err := get(p); err != nil {
			return err
		}
		if verbose {
			progress <- i
		}
	}
	if verbose {
		close(progress)
	}
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
	ch, ok := h.subs[id]
	if !ok {
		return
	}
	delete(h.subs, id)
	close(ch)
}

// Greet is good: Unsubscribe looks before it closes.
func Greet(text string) {
	h := &Hub{subs: make(map[string]chan string)}
	h.subs["a"] = make(chan string, 1)
	h.subs["a"] <- text
	h.Unsubscribe("b")
}

// Merge is good: out may be nil, merged is not.
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
	close(merged)
	return merged
}

// A Job has a channel that tells of its end.
type Job struct {
	name string
	done chan struct{}
}

// newJob makes the channel.
func newJob(name string) *Job {
	var done chan struct{}
	if name != "" {
		done = make(chan struct{})
	} else {
		done = make(chan struct{}, 1)
	}
	return &Job{name: name, done: done}
}

// RunJob is good: each job has a channel.
func RunJob(name string, run func(string)) {
	j := newJob(name)
	run(j.name)
	close(j.done)
}

// A Gate lets nobody pass until it is opened.
type Gate struct {
	open chan struct{}
}

// init has a pointer receiver.
func (g *Gate) init() {
	g.open = make(chan struct{})
}

// OpenGate is good: the gate has a channel.
func OpenGate() {
	var g Gate
	g.init()
	close(g.open)
}

// A Pool has as many queues as workers.
type Pool struct {
	queues []chan int
}

// Drain is good: each element gets its channel.
func Drain(workers int) {
	p := &Pool{queues: make([]chan int, workers)}
	for i := range p.queues {
		p.queues[i] = make(chan int, 1)
	}
	for _, q := range p.queues {
		close(q)
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
	m.Start()
	close(m.stop)
	return nil
}

// Measure is good: Close starts what has not been started.
func Measure(tasks []func()) error {
	var m Monitor
	for _, task := range tasks {
		m.Start()
		task()
	}
	return m.Close()
}

// Follow is good: an input that has ended is nil, and its case is off.
func Follow(a, b <-chan int) (sum int) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			sum += v
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			sum += v
		}
	}
	return sum
}

// A Session is closed by its creator, which has made its channel; a method for
// itself says nothing about that.
type Session struct {
	Done chan struct{}
}

// Close is good: the receiver is not nil, and nor is its channel as far as one
// can see.
func (s *Session) Close() { close(s.Done) }
