package goodfields

func (c *Cache) loop() {
	defer c.wg.Done()
	for {
		select {
		case n := <-c.tick:
			c.refresh(n)
		case <-c.stop:
			return
		}
	}
}
