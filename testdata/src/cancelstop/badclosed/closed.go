// Package badclosed has cases for a closed channel that do not leave the loop.
package badclosed

// A Server has a channel that is closed when it is to stop.
type Server struct {
	jobs chan int
	stop chan struct{}
}

// NewServer starts a server.
func NewServer() *Server {
	s := &Server{jobs: make(chan int), stop: make(chan struct{})}
	go s.serve()
	return s
}

// Do hands a job to the server.
func (s *Server) Do(job int) {
	select {
	case s.jobs <- job:
	case <-s.stop:
	}
}

// Close stops the server.
func (s *Server) Close() { close(s.stop) }

func (s *Server) serve() {
	done := 0
	for {
		select {
		case <-s.stop:
			break // want "break leaves the select, not the for loop: after s.stop is closed the loop spins forever"
		case n := <-s.jobs:
			done += n
		}
	}
}

// Copy is meant to end when in is closed.
func Copy(in <-chan int, stop <-chan struct{}) (sum int) {
	for {
		select {
		case n, ok := <-in:
			if !ok {
				break // want "break leaves the select, not the for loop: after in is closed the loop spins until another case leaves it"
			}
			sum += n
		case <-stop:
			return sum
		}
	}
}

// Merge should set the channel that is closed to nil.
func Merge(a, b <-chan int, out chan<- int) {
	for {
		select {
		case v, ok := <-a:
			if !ok {
				continue // want "continue stays in the for loop: after a is closed the loop spins forever"
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			out <- v
		}
	}
}

// Watch makes the channel itself.
func Watch(wait func(), changes <-chan string, show func(string)) {
	over := make(chan struct{})
	go func() {
		wait()
		close(over)
	}()
	for {
		select {
		case <-over: // want "this case does not leave the for loop: after over is closed the loop spins forever"
		case c := <-changes:
			show(c)
		}
	}
}

// A queue has elements of any type.
type queue[T any] struct {
	in   chan T
	done chan struct{}
}

func newQueue[T any]() *queue[T] {
	return &queue[T]{in: make(chan T), done: make(chan struct{})}
}

func (q *queue[T]) close() { close(q.done) }

func (q *queue[T]) run(handle func(T)) {
	for {
		select {
		case v := <-q.in:
			handle(v)
		case <-q.done:
			break // want "break leaves the select, not the for loop: after q.done is closed the loop spins forever"
		}
	}
}
