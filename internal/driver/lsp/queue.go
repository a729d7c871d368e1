package lsp

import (
	"context"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// delay is how long the queue waits for more to come: editors that save all
// files send one message for each.
const delay = 100 * time.Millisecond

// A queue is a set of folders with packages to analyse.
type queue struct {
	mu   sync.Mutex
	dirs map[string]bool
	wake chan struct{} // holds a value if something was added since the last take
}

func newQueue() *queue {
	return &queue{dirs: make(map[string]bool), wake: make(chan struct{}, 1)}
}

// add adds a folder.
func (q *queue) add(dir string) {
	q.mu.Lock()
	q.dirs[dir] = true
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take waits until there are folders and no more have come for a moment, and
// returns them in order. It returns nil when ctx is done.
func (q *queue) take(ctx context.Context) []string {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-q.wake:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(delay):
		}
		q.mu.Lock()
		dirs := slices.Sorted(maps.Keys(q.dirs))
		clear(q.dirs)
		q.mu.Unlock()
		if len(dirs) > 0 {
			return dirs
		}
	}
}

// work analyses what is queued until ctx is done.
func (s *server) work(ctx context.Context) {
	for {
		dirs := s.queue.take(ctx)
		if dirs == nil {
			return
		}
		for root, dirs := range byModule(dirs) {
			s.survive(func() { s.analyse(ctx, root, dirs) })
		}
	}
}

// survive calls f, and logs a panic of it.
func (s *server) survive(f func()) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Printf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	f()
}
