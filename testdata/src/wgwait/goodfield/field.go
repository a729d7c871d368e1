// Package goodfield has groups that are fields of the receiver, and whose Done another method calls.
package goodfield

import "sync"

// A Sender counts what is under way; a goroutine of its constructor calls Done.
type Sender struct {
	wg    sync.WaitGroup
	queue chan string
	send  func(string)
}

// NewSender starts a sender.
func NewSender(send func(string)) *Sender {
	s := &Sender{queue: make(chan string, 4), send: send}
	go s.run()
	return s
}

func (s *Sender) run() {
	for m := range s.queue {
		s.send(m)
		s.wg.Done()
	}
}

// Send is good: the message carries the count.
func (s *Sender) Send(m string) {
	s.wg.Add(1)
	s.queue <- m
	s.wg.Wait()
}

// Both is good: one goroutine is its own, the other message is counted by the sender.
func (s *Sender) Both(m string, also func()) {
	s.wg.Add(1)
	s.queue <- m
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		also()
	}()
	s.wg.Wait()
}

// Close ends the sender.
func (s *Sender) Close() { close(s.queue) }

// A Gate lets visitors in until it is closed.
type Gate struct {
	visitors sync.WaitGroup
	mu       sync.Mutex
	closed   bool
}

// Enter counts a visitor; who enters gets the function to leave.
func (g *Gate) Enter() (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, false
	}
	g.visitors.Add(1)
	return g.visitors.Done, true
}

// Close is good: it waits for the visitors to leave.
func (g *Gate) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.visitors.Wait()
}

// A Tally counts up and down by Add.
type Tally struct{ n sync.WaitGroup }

// Change is good: a negative number is a Done.
func (t *Tally) Change(by int) { t.n.Add(by) }

// Settle waits for zero.
func (t *Tally) Settle() { t.n.Wait() }
