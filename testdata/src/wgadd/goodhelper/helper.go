// Package goodhelper holds helpers that Add and then spawn.
package goodhelper

import "sync"

// A tasks starts functions and waits for them.
type tasks struct {
	mu       sync.RWMutex
	stopping bool
	wg       sync.WaitGroup
}

// spawn turns its caller away when stop has begun; lock and flag order the Add (trap 5).
func (t *tasks) spawn(f func()) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.stopping {
		return
	}
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		f()
	}()
}

func (t *tasks) stop() {
	t.mu.Lock()
	t.stopping = true
	t.mu.Unlock()
	t.wg.Wait()
}

// SpawnFromGoroutine is good: whatever the uncounted goroutine spawns after stop is turned away.
func SpawnFromGoroutine(events <-chan func()) {
	var t tasks
	go func() {
		for f := range events {
			t.spawn(f)
		}
	}()
	t.stop()
}

// A sender sends messages, each in a goroutine that counts itself unless Close has begun.
type sender struct {
	mu      sync.Mutex
	closed  bool
	wg      sync.WaitGroup
	deliver func(string)
}

// Send is good: the goroutine counts itself, but delivers only if begin was in time.
func (s *sender) Send(msg string) {
	go s.send(msg)
}

func (s *sender) send(msg string) {
	if !s.begin() {
		return
	}
	defer s.wg.Done()
	s.deliver(msg)
}

// begin reports whether the caller may go on; closed is set under the same lock.
func (s *sender) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Add(1)
	return true
}

// Close turns later messages away and waits for those on their way.
func (s *sender) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wg.Wait()
}

// A group is a start-helper without a flag.
type group struct {
	wg sync.WaitGroup
}

func (g *group) start(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

// StartFromOwner is good: the goroutine that Waits is the one that called start.
func StartFromOwner(jobs []func()) {
	var g group
	for _, job := range jobs {
		g.start(job)
	}
	g.wg.Wait()
}

// StartFromStarted is good: what start runs is counted, and may start more.
func StartFromStarted(lists [][]func()) {
	var g group
	for _, jobs := range lists {
		g.start(func() {
			for _, job := range jobs {
				g.start(job)
			}
		})
	}
	g.wg.Wait()
}

// StartThroughFunc is good: the helper is a closure that is called before the Wait.
func StartThroughFunc(reads, writes []func()) {
	var wg sync.WaitGroup
	start := func(f func()) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	for _, f := range reads {
		start(f)
	}
	for _, f := range writes {
		start(f)
	}
	wg.Wait()
}

// A tracker hands out its Done.
type tracker struct {
	wg sync.WaitGroup
}

func (t *tracker) begin() (end func()) {
	t.wg.Add(1)
	return t.wg.Done
}

// BeginBefore is good: begin runs in the spawner, only what it returned runs in the goroutine.
func BeginBefore(jobs []func()) {
	var t tracker
	for _, job := range jobs {
		end := t.begin()
		go func() {
			defer end()
			job()
		}()
	}
	t.wg.Wait()
}

// BeginInArgument is good: the arguments of a go statement are evaluated by the spawner.
func BeginInArgument(jobs []func()) {
	var t tracker
	for _, job := range jobs {
		go func(end func()) {
			defer end()
			job()
		}(t.begin())
	}
	t.wg.Wait()
}

// ParameterGroup is good: the helper gets the group, Adds and spawns.
func ParameterGroup(roots []string, scan func(string)) {
	var wg sync.WaitGroup
	for _, r := range roots {
		startScan(&wg, r, scan)
	}
	wg.Wait()
}

func startScan(wg *sync.WaitGroup, root string, scan func(string)) {
	if root == "" {
		return
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		scan(root)
	}()
}
