package goodcounted

import "sync"

type ingester struct {
	wg     sync.WaitGroup
	in     chan string
	known  func(string) bool
	parse  func(string)
	notify func(string)
}

// Start counts run before it starts it.
func (g *ingester) Start() {
	g.wg.Add(1)
	go g.run()
}

// run is good: it starts counted goroutines under its own count, and another method Waits.
func (g *ingester) run() {
	defer g.wg.Done()
	for s := range g.in {
		if g.known(s) {
			continue
		}
		g.wg.Add(2)
		go g.parseOne(s)
		go g.notifyOne(s)
	}
}

func (g *ingester) parseOne(s string) {
	defer g.wg.Done()
	g.parse(s)
}

func (g *ingester) notifyOne(s string) {
	defer g.wg.Done()
	g.notify(s)
}

// Close ends run and waits.
func (g *ingester) Close() {
	close(g.in)
	g.wg.Wait()
}
