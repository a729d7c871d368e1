// Package badfailed releases what it did not acquire.
package badfailed

import (
	"context"
	"log"
	"time"

	"golang.org/x/sync/semaphore"
)

// A Cache bounds its loads.
type Cache struct {
	sem *semaphore.Weighted
	m   map[string]string
}

func NewCache(n int64) *Cache { return &Cache{sem: semaphore.NewWeighted(n)} }

// Get ignores the error.
func (c *Cache) Get(ctx context.Context, key string) string {
	c.sem.Acquire(ctx, 1) // want "the deferred call at line 23 runs also if this did not acquire c.sem: it panics, or gives back what another goroutine has acquired"
	defer c.sem.Release(1)
	return c.m[key]
}

// Load does so openly.
func (c *Cache) Load(ctx context.Context, load func() string) string {
	_ = c.sem.Acquire(ctx, 1) // want "c.sem.Release at line 31 runs also if this did not acquire c.sem"
	v := load()
	c.sem.Release(1)
	return v
}

// Warm logs the error and goes on.
func (c *Cache) Warm(ctx context.Context, keys []string) {
	if err := c.sem.Acquire(ctx, int64(len(keys))); err != nil { // want "c.sem.Release at line 43 runs also if this did not acquire c.sem"
		log.Print(err)
	}
	for _, k := range keys {
		c.m[k] = ""
	}
	c.sem.Release(int64(len(keys)))
}

// Peek does not look at what TryAcquire says.
func (c *Cache) Peek(key string) string {
	c.sem.TryAcquire(1) // want "the deferred call at line 49 runs also if this did not acquire c.sem"
	defer c.sem.Release(1)
	return c.m[key]
}

// Store could return the error.
func (c *Cache) Store(ctx context.Context, key, value string) error {
	c.sem.Acquire(ctx, 1) // want "the deferred call at line 56 runs also if this did not acquire c.sem"
	defer c.sem.Release(1)
	c.m[key] = value
	return nil
}

// Start hands over what it may not have.
func (c *Cache) Start(ctx context.Context, f func()) {
	_ = c.sem.Acquire(ctx, 1) // want "the goroutine at line 64 runs also if this did not acquire c.sem"
	go func() {
		defer c.sem.Release(1)
		f()
	}()
}

// A Limiter is made of a channel.
type Limiter struct{ slots chan struct{} }

func NewLimiter(n int) *Limiter { return &Limiter{slots: make(chan struct{}, n)} }

// Do waits for a second, and then goes on without a slot.
func (l *Limiter) Do(f func()) {
	select {
	case l.slots <- struct{}{}: // want "<-l.slots at line 83 runs also if this did not acquire l.slots: it blocks, or gives back what another goroutine has acquired"
	case <-time.After(time.Second):
		log.Print("overloaded")
	}
	f()
	<-l.slots
}

// DoFor tells why it got no slot, and goes on without one.
func (l *Limiter) DoFor(ctx context.Context, f func()) {
	select {
	case l.slots <- struct{}{}: // want "the deferred call at line 93 runs also if this did not acquire l.slots: it blocks, or gives back what another goroutine has acquired"
	case <-ctx.Done():
		log.Print("overloaded: ", ctx.Err())
	}
	defer func() { <-l.slots }()
	f()
}
