// Package goodpaths has a function with more paths than can be followed one by one: unlocked before continue, in a function with many branches.
package goodpaths

import "sync"

type set struct {
	mu   sync.RWMutex
	cfg  *config
	urls []string
}

type config struct {
	f [14]bool
}

func (s *set) update(urls []string) {
	s.mu.Lock()
	s.urls = urls
	s.mu.Unlock()
}

type Manager struct {
	mu   sync.Mutex
	sets map[string]*set
}

func (m *Manager) Update(k string, urls []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sets[k]; s != nil {
		s.update(urls)
	}
}

func (m *Manager) Send(filter func() bool, step func(int) error, out func(string)) bool {
	m.mu.Lock()
	ss := m.sets
	m.mu.Unlock()
	for _, s := range ss {
		s.mu.RLock()
		if !filter() {
			s.mu.RUnlock()
			continue
		}
		if s.cfg.f[0] {
			if err := step(0); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[1] {
			if err := step(1); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[2] {
			if err := step(2); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[3] {
			if err := step(3); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[4] {
			if err := step(4); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[5] {
			if err := step(5); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[6] {
			if err := step(6); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[7] {
			if err := step(7); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[8] {
			if err := step(8); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[9] {
			if err := step(9); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[10] {
			if err := step(10); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[11] {
			if err := step(11); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[12] {
			if err := step(12); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		if s.cfg.f[13] {
			if err := step(13); err != nil {
				s.mu.RUnlock()
				return false
			}
		}
		for _, u := range s.urls {
			out(u)
		}
		s.mu.RUnlock()
	}
	return true
}
