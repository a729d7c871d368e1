package badcounted

import "sync"

type ingester struct {
	wg     sync.WaitGroup
	in     chan string
	known  func(string) bool
	parse  func(string)
	notify func(string)
}

// Start is missing the Add for run.
func (g *ingester) Start() {
	go g.run()
}

// run is bad: it starts counted goroutines, but Start has not counted run.
func (g *ingester) run() {
	for s := range g.in {
		if g.known(s) {
			continue
		}
		g.wg.Add(2) // want "g\\.wg\\.Add"
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
