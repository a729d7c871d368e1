package goodcounted

import "sync"

// A spider follows links; one group counts its workers, another one the pages
// that are still to be done.
type spider struct {
	left  sync.WaitGroup
	pages chan string
	links func(string) []string
}

func (s *spider) add(page string) {
	s.left.Add(1)
	go func() { s.pages <- page }()
}

// work is good: the group that has started it is another one, and the page that
// it holds is counted until those behind it are.
func (s *spider) work() {
	for page := range s.pages {
		for _, link := range s.links(page) {
			s.add(link)
		}
		s.left.Done()
	}
}

// Spider visits all pages behind the first ones.
func Spider(links func(string) []string, first ...string) {
	s := &spider{pages: make(chan string), links: links}
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(s.work)
	}
	for _, page := range first {
		s.add(page)
	}
	s.left.Wait()
	close(s.pages)
	workers.Wait()
}

// GoUnderCount is good: what Go adds, Go gives back, and the count of the
// goroutine itself is held until its end.
func GoUnderCount(names []string, load, write func(string)) {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			load(name)
			wg.Go(func() { write(name) })
		}()
	}
	wg.Wait()
}
