package goodagain

import (
	"context"
	"sync"
)

// A Stream makes a channel for each of its goroutines.
type Stream struct {
	mu     sync.Mutex
	users  int
	cancel context.CancelFunc
	done   chan struct{}
}

func NewStream() *Stream { return &Stream{done: make(chan struct{})} }

func (s *Stream) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users++
	if s.users != 1 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.done = make(chan struct{})
	go s.run(ctx)
}

func (s *Stream) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	if s.users != 0 {
		return
	}
	s.cancel()
	<-s.done
}

func (s *Stream) run(ctx context.Context) {
	defer close(s.done)
	<-ctx.Done()
}

// A Poller runs once: what stops it is remembered.
type Poller struct {
	mu      sync.Mutex
	running bool
	stopped bool
	stop    context.CancelFunc
	ended   chan struct{}
}

func NewPoller() *Poller { return &Poller{ended: make(chan struct{})} }

func (p *Poller) Start(poll func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running || p.stopped {
		return false
	}
	p.running = true
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	go func() {
		defer close(p.ended)
		for ctx.Err() == nil {
			poll()
		}
	}()
	return true
}

func (p *Poller) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return
	}
	p.running = false
	p.stopped = true
	p.stop()
	<-p.ended
}

// A Job can be started once: its flag is never set back.
type Job struct {
	started bool
	done    chan struct{}
}

func NewJob() *Job { return &Job{done: make(chan struct{})} }

func (j *Job) Start(work func()) {
	if j.started {
		return
	}
	j.started = true
	go func() {
		defer close(j.done)
		work()
	}()
}

func (j *Job) Wait() { <-j.done }

// A Task is started without asking: whoever has it starts it once.
type Task struct{ done chan struct{} }

func NewTask() *Task { return &Task{done: make(chan struct{})} }

func (t *Task) Go(work func()) {
	go t.run(work)
}

func (t *Task) run(work func()) {
	defer close(t.done)
	work()
}

// A Lease closes only when the last of its goroutines says so.
type Lease struct {
	mu      sync.Mutex
	running bool
	last    bool
	done    chan struct{}
}

func NewLease() *Lease { return &Lease{done: make(chan struct{})} }

func (l *Lease) Start() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running {
		return
	}
	l.running = true
	go l.run()
}

func (l *Lease) run() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = false
	if l.last {
		close(l.done)
	}
}

func (l *Lease) Finish() {
	l.mu.Lock()
	l.last = true
	l.mu.Unlock()
	l.Start()
}
