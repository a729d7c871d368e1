package goodworkers

import "sync"

// Count is good: a worker ends at a negative number, which is no size.
func Count(sizes []int, add func(int)) {
	in := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for n := range in {
				if n < 0 {
					return
				}
				add(n)
			}
		})
	}
	for _, n := range sizes {
		in <- n
	}
	for range 3 {
		in <- -1
	}
	wg.Wait()
}

type page struct {
	url  string
	last bool
}

// Crawl is good: the worker ends at the page that is none.
func Crawl(pages []*page, visit func(string)) {
	in := make(chan *page)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			p := <-in
			if p == nil {
				return
			}
			visit(p.url)
		}
	}()
	for _, p := range pages {
		in <- p
	}
	in <- nil
	<-done
}
