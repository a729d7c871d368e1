// Package badboth: both branches call a method that read-locks again; a writer in between blocks it.
package badboth

import "sync"

type Target struct {
	mu     sync.RWMutex
	honor  bool
	labels map[string]string
}

func (t *Target) Set(l map[string]string) {
	t.mu.Lock()
	t.labels = l
	t.mu.Unlock()
}

func (t *Target) Labels() map[string]string {
	t.mu.RLock() // want "blocks forever if a writer waits"
	defer t.mu.RUnlock()
	return t.labels
}

func (t *Target) prefix() string {
	if t.honor {
		return t.Labels()["job"]
	}
	return t.Labels()["instance"]
}

func (t *Target) Name() string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.prefix()
}
