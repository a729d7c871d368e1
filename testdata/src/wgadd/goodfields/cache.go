// Package goodfields holds groups in fields, whose Add, Done and Wait stand in different functions.
package goodfields

import "sync"

// A Cache refreshes itself until Close.
type Cache struct {
	wg      sync.WaitGroup
	stop    chan struct{}
	tick    <-chan int
	refresh func(int)
}

// NewCache is good: the constructor counts the loop, the loop Dones, Close Waits (trap 6).
func NewCache(tick <-chan int, refresh func(int)) *Cache {
	c := &Cache{stop: make(chan struct{}), tick: tick, refresh: refresh}
	c.wg.Add(1)
	go c.loop()
	return c
}

// Close ends the loop and waits for it.
func (c *Cache) Close() {
	close(c.stop)
	c.wg.Wait()
}
