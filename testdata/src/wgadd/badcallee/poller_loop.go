package badcallee

// loop is bad: Start returns before the Add, so that Stop may find a zero counter.
func (p *poller) loop() {
	p.wg.Add(1) // want "p\\.wg\\.Add"
	defer p.wg.Done()
	for {
		select {
		case n := <-p.tick:
			p.poll(n)
		case <-p.stop:
			p.bye()
			return
		}
	}
}
