package badacross

import "across/pool"

func last(n int) int {
	f := pool.NewFeed()
	defer f.Stop() // want `close of closed channel in f.Stop: it is closed at line 14`
	go func() {
		for v := range f.C {
			n = v
		}
	}()
	f.C <- 1
	f.Stop()
	return n
}

func late(v int) {
	f := pool.NewFeed()
	go func() { <-f.C }()
	f.Stop()
	f.C <- v // want `send on closed channel f.C: it is closed at line 21`
}
