package badcallee

import "sync"

// A poller calls poll on every tick until Stop.
type poller struct {
	tick <-chan int
	stop chan struct{}
	wg   sync.WaitGroup
	poll func(int)
	bye  func()
}

// Start starts the loop, which counts itself: Stop may overtake it.
func (p *poller) Start() {
	go p.loop()
}

// Stop ends the loop and is meant to wait for it.
func (p *poller) Stop() {
	close(p.stop)
	p.wg.Wait()
}
