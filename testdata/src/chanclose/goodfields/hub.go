package goodfields

import "sync"

// Hub is good: a subscription is closed once, because it is deleted from the
// map in the same critical section.
type Hub struct {
	mu   sync.Mutex
	subs map[chan string]struct{}
}

// Subscribe registers a new channel; the subscriber ranges over it.
func (h *Hub) Subscribe() chan string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs == nil {
		h.subs = make(map[chan string]struct{})
	}
	ch := make(chan string, 4)
	h.subs[ch] = struct{}{}
	return ch
}

// Unsubscribe ends a subscription; it may be called twice.
func (h *Hub) Unsubscribe(ch chan string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subs[ch]; ok {
		delete(h.subs, ch)
		close(ch)
	}
}

// Shutdown ends every subscription.
func (h *Hub) Shutdown() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs {
		delete(h.subs, ch)
		close(ch)
	}
}

// Follow is good: the goroutine ends when Unsubscribe or Shutdown closes ch.
func (h *Hub) Follow(logf func(string)) (cancel func()) {
	ch := h.Subscribe()
	go func() {
		for msg := range ch {
			logf(msg)
		}
	}()
	return func() { h.Unsubscribe(ch) }
}

// Feed is good: Updates is exported, so anybody may close it.
type Feed struct {
	Updates chan string
	last    string
}

// Run ranges over a channel whose owner is the user of the type.
func (f *Feed) Run() {
	for u := range f.Updates {
		f.last = u
	}
}

// mailbox is good: its channel is handed out by C, so its closer may be
// anywhere.
type mailbox struct {
	c chan []byte
}

// NewMailbox returns a mailbox and starts reading it.
func NewMailbox(read func([]byte)) interface{ C() chan<- []byte } {
	m := &mailbox{c: make(chan []byte)}
	go func() {
		for b := range m.c {
			read(b)
		}
	}()
	return m
}

func (m *mailbox) C() chan<- []byte { return m.c }

type console struct {
	out  chan string
	hook func(chan string)
}

// newConsole is good: hook is a function that the caller supplies, and it is
// given the channel.
func newConsole(hook func(chan string)) *console {
	return &console{out: make(chan string), hook: hook}
}

func (s *console) pump(write func(string)) {
	go s.hook(s.out)
	for line := range s.out {
		write(line)
	}
}

// Pump runs a console.
func Pump(hook func(chan string), write func(string)) { newConsole(hook).pump(write) }
