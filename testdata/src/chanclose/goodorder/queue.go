package goodorder

import "sync"

// A serializer runs what it is given, in the order in which it is given it.
type serializer struct{ queue chan any }

func newSerializer() *serializer {
	s := &serializer{queue: make(chan any, 10)}
	go s.run()
	return s
}

func (s *serializer) run() {
	for f := range s.queue {
		f.(func())()
	}
}

// Serialized is good: Wait returns when all have been run, while the range goes on.
func Serialized(n int, f func()) {
	s := newSerializer()
	defer close(s.queue)
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		s.queue <- func() {
			defer wg.Done()
			f()
		}
	}
	wg.Wait()
}
