// Package fix holds the Adds that a fix moves, and some that none may.
package fix

import "sync"

// First moves the first statement.
func First(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go func() {
			// Count the request.
			// want +1 "wg.Add"
			wg.Add(1)
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

// AfterDefer moves an Add below the Done.
func AfterDefer(f func()) {
	var wg sync.WaitGroup
	go func() {
		defer wg.Done()
		// want +1 "wg.Add"
		wg.Add(1)
		f()
	}()
	wg.Wait()
}

// OneLine moves out of a literal that fills one line.
func OneLine(f func()) {
	var wg sync.WaitGroup
	go func() { wg.Add(1); defer wg.Done(); f() }() // want "wg.Add"
	wg.Wait()
}

// Late moves an Add that follows the go statement.
func Late(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go func() {
			defer wg.Done()
			fetch(u)
		}()
		// want +1 "wg.Add"
		wg.Add(1)
	}
	wg.Wait()
}

type server struct {
	wg   sync.WaitGroup
	jobs chan func()
}

// Start starts a method that counts itself.
func (s *server) Start() {
	go s.loop()
}

func (l *server) loop() {
	// want +1 "l.wg.Add"
	l.wg.Add(1)
	defer l.wg.Done()
	for job := range l.jobs {
		job()
	}
}

// Stop waits for the loop.
func (s *server) Stop() {
	close(s.jobs)
	s.wg.Wait()
}

func fetchAll(group *sync.WaitGroup, url string, fetch func(string)) {
	// want +1 "group.Add"
	group.Add(1)
	defer group.Done()
	fetch(url)
}

// Named starts a function that is given the group.
func Named(urls []string, fetch func(string)) {
	var pending sync.WaitGroup
	for _, u := range urls {
		go fetchAll(&pending, u, fetch)
	}
	pending.Wait()
}

// Conditional keeps its Add: some goroutines are not counted at all.
func Conditional(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go func() {
			if u == "" {
				return
			}
			wg.Add(1) // want "wg.Add"
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

// Several keeps its Add: what it counts is started inside.
func Several(urls []string, fetch func(string)) {
	var wg sync.WaitGroup
	go func() {
		for _, u := range urls {
			wg.Add(1) // want "wg.Add"
			go func() {
				defer wg.Done()
				fetch(u)
			}()
		}
	}()
	wg.Wait()
}

// Not run: badliteral, badafter and badcallee have the same forms with their proofs.
