package goodacross

import "across/pool"

func last(n int) int {
	f := pool.NewFeed()
	defer f.StopOnce()
	go func() {
		for v := range f.C {
			n = v
		}
	}()
	f.C <- 1
	f.StopOnce()
	return n
}

func stopped(v int) {
	f := pool.NewFeed()
	go func() { <-f.C }()
	f.C <- v
	f.Stop()
}
