// Package badlives holds types that nobody in the package makes and ends: their ends
// wait for goroutines that are told only after that, or that have left another behind.
package badlives

import (
	"context"
	"log"
	"sync"
)

// A Store waits first, and tells then.
type Store struct {
	stop chan struct{}
	wg   sync.WaitGroup
}

func NewStore() *Store {
	s := &Store{stop: make(chan struct{})}
	s.wg.Add(1)
	go s.loop()
	return s
}

func (s *Store) loop() {
	defer s.wg.Done()
	<-s.stop
	log.Print("stopped")
}

func (s *Store) Close() error {
	s.wg.Wait() // want "s.wg.Wait blocks forever: a goroutine that it waits for is stuck in receive from s.stop"
	close(s.stop)
	return nil
}

// A Task is started by a method, and told by a deferred call.
type Task struct {
	quit chan struct{}
	wg   sync.WaitGroup
}

func NewTask() *Task { return &Task{quit: make(chan struct{})} }

func (t *Task) Start() {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		<-t.quit
	}()
}

func (t *Task) Stop() {
	defer close(t.quit)
	t.wg.Wait() // want "t.wg.Wait blocks forever: a goroutine that it waits for is stuck in receive from t.quit"
}

// A Watcher's goroutine closes it where it fails, and so waits for itself.
type Watcher struct {
	wg   sync.WaitGroup
	stop chan struct{}
	once sync.Once
	poll func() error
}

func NewWatcher(poll func() error) *Watcher {
	w := &Watcher{stop: make(chan struct{}), poll: poll}
	w.wg.Add(1)
	go w.run()
	return w
}

func (w *Watcher) run() {
	defer w.wg.Done()
	if err := w.poll(); err != nil {
		w.Close()
		return
	}
	<-w.stop
}

func (w *Watcher) Close() {
	w.once.Do(func() { close(w.stop) })
	w.wg.Wait() // want `w.wg.Wait blocks forever when err != nil .*: its counter is 1, and nobody calls Done`
}

// A Cache has a context of its own, which a deferred call cancels.
type Cache struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func NewCache() *Cache {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Cache{cancel: cancel}
	c.wg.Add(1)
	go c.loop(ctx)
	return c
}

func (c *Cache) loop(ctx context.Context) {
	defer c.wg.Done()
	<-ctx.Done()
	log.Print("stopped")
}

func (c *Cache) Close() error {
	defer c.cancel()
	c.wg.Wait() // want `c.wg.Wait blocks forever: a goroutine that it waits for is stuck in receive from ctx.Done\(\)`
	return nil
}
