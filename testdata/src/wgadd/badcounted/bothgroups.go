package badcounted

import "sync"

// A spider follows links; one group counts its workers, another one the pages
// that are still to be done.
type spider struct {
	left  sync.WaitGroup
	pages chan string
	links func(string) []string
}

func (s *spider) add(page string) {
	s.left.Add(1) // want "s\\.left\\.Add"
	go func() { s.pages <- page }()
}

// work is bad: the page is off the count before those behind it are on it.
func (s *spider) work() {
	for page := range s.pages {
		s.left.Done()
		for _, link := range s.links(page) {
			s.add(link)
		}
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

// GoUncounted is bad: the goroutine is counted in another group than the one that
// its Go is for.
func GoUncounted(names []string, load, write func(string)) {
	var loaders, writers sync.WaitGroup
	for _, name := range names {
		loaders.Go(func() {
			load(name)
			writers.Go(func() { write(name) }) // want "writers\\.Go"
		})
	}
	writers.Wait()
	loaders.Wait()
}
