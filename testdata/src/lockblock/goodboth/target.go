// Package goodboth: the helper locks nothing.
package goodboth

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
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.labels
}

func (t *Target) prefix() string {
	if t.honor {
		return t.labels["job"]
	}
	return t.labels["instance"]
}

func (t *Target) Name() string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.prefix()
}

// labelsIf locks where its caller says so.
func (t *Target) labelsIf(locked bool) map[string]string {
	if !locked {
		return t.Labels()
	}
	return t.labels
}

// Both has the lock in one of its calls.
func (t *Target) Both() int {
	n := len(t.labelsIf(false))
	t.mu.RLock()
	defer t.mu.RUnlock()
	return n + len(t.labelsIf(true))
}
