package badcallee

import "sync"

// A flusher writes its buffers in the background.
type flusher struct {
	wg      sync.WaitGroup
	pending []string
	write   func(string)
}

// FlushAll is bad: it starts track as a goroutine, and track counts itself.
func (f *flusher) FlushAll() {
	for _, p := range f.pending {
		go f.track(func() { f.write(p) })
	}
	f.wg.Wait()
}

// track holds a count around its own body, which is too late when it runs in a goroutine.
func (f *flusher) track(job func()) {
	f.wg.Add(1) // want "f\\.wg\\.Add"
	defer f.wg.Done()
	job()
}

// A syncer is a flusher with a lock around the Add.
type syncer struct {
	mu    sync.Mutex
	wg    sync.WaitGroup
	write func(string)
}

// SyncAll is bad: the lock that guarded takes keeps nobody from Waiting first.
func (s *syncer) SyncAll(names []string) {
	for _, name := range names {
		go func() {
			s.guarded(func() { s.write(name) })
		}()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wg.Wait()
}

func (s *syncer) guarded(job func()) {
	s.mu.Lock()
	s.wg.Add(1) // want "s\\.wg\\.Add"
	s.mu.Unlock()
	defer s.wg.Done()
	job()
}

type crawler struct {
	inflight sync.WaitGroup
	visit    func(string)
}

// Crawl is bad: the method value hides the callee, not the order.
func (c *crawler) Crawl(urls []string) {
	fetch := c.fetch
	for _, u := range urls {
		go fetch(u)
	}
	c.inflight.Wait()
}

func (c *crawler) fetch(u string) {
	c.inflight.Add(1) // want "c\\.inflight\\.Add"
	defer c.inflight.Done()
	c.visit(u)
}

type mirror struct {
	wg   sync.WaitGroup
	copy func(string)
}

// Mirror is bad: copyOne is called from an uncounted goroutine, and its helper counts.
func (m *mirror) Mirror(files []string) {
	for _, f := range files {
		go func() {
			m.copyOne(f)
		}()
	}
	m.wg.Wait()
}

func (m *mirror) copyOne(f string) {
	m.acquire()
	defer m.wg.Done()
	m.copy(f)
}

func (m *mirror) acquire() {
	m.wg.Add(1) // want "m\\.wg\\.Add"
}
