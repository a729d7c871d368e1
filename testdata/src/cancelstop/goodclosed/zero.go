package goodclosed

import "context"

// Values asks whether the channel is open.
func Values(in []int, wake <-chan struct{}) (sum int) {
	c := numbers(in)
	for {
		select {
		case n, ok := <-c:
			if !ok {
				return sum
			}
			sum += n
		case <-wake:
			return sum
		}
	}
}

func numbers(in []int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, n := range in {
			c <- n
		}
	}()
	return c
}

// Zero takes 0 for the end.
func Zero(in []int, wake <-chan struct{}) (sum int) {
	c := numbers(in)
	for {
		select {
		case n := <-c:
			if n == 0 {
				return sum
			}
			sum += n
		case <-wake:
			return sum
		}
	}
}

// Nil waits for the wake alone when 0 has come.
func Nil(in []int, wake <-chan struct{}) (sum int) {
	c := numbers(in)
	for {
		select {
		case n := <-c:
			if n == 0 {
				c = nil
			}
			sum += n
		case <-wake:
			return sum
		}
	}
}

// Handles leaves it to another function what 0 means.
func Handles(in []int, handle func(int), wake <-chan struct{}) {
	c := numbers(in)
	for {
		select {
		case n := <-c:
			handle(n)
		case <-wake:
			return
		}
	}
}

// A stage sends on what it gets, and what comes after it ends it.
func stage(in []int, out chan<- int, stop <-chan struct{}) {
	c := numbers(in)
	for {
		select {
		case n := <-c:
			select {
			case out <- n:
			case <-stop:
				return
			}
		case <-stop:
			return
		}
	}
}

// Counted takes as many as there are.
func Counted(in []int, wake <-chan struct{}) (sum int) {
	c := numbers(in)
	for range in {
		select {
		case n := <-c:
			sum += n
		case <-wake:
			return sum
		}
	}
	return sum
}

// Both ends with the feed, which cancels the context.
func Both(ctx context.Context, next func() (int, error)) (sum int) {
	ctx, cancel := context.WithCancel(ctx)
	c := make(chan int)
	go func() {
		defer cancel()
		defer close(c)
		for {
			n, err := next()
			if err != nil {
				return
			}
			c <- n
		}
	}()
	for {
		select {
		case n := <-c:
			sum += n
		case <-ctx.Done():
			return sum
		}
	}
}

// Told gets the error of the feed, which comes before the close.
func Told(next func() (int, error)) (sum int) {
	c, errs := make(chan int), make(chan error, 1)
	go func() {
		defer close(c)
		for {
			n, err := next()
			if err != nil {
				errs <- err
				return
			}
			c <- n
		}
	}()
	for {
		select {
		case n := <-c:
			sum += n
		case <-errs:
			return sum
		}
	}
}

// A source is closed when it is stopped, as is the loop.
type source struct {
	c    chan int
	stop chan struct{}
	sum  int
}

func newSource() *source { return &source{c: make(chan int), stop: make(chan struct{})} }

func (s *source) close() { close(s.stop) }

func (s *source) feed() {
	defer close(s.c)
	for n := 0; ; n++ {
		select {
		case s.c <- n:
		case <-s.stop:
			return
		}
	}
}

func (s *source) run() {
	for {
		select {
		case n := <-s.c:
			s.sum += n
		case <-s.stop:
			return
		}
	}
}

// Copied ends when its input is closed, for which somebody else sees to both.
func Copied(in <-chan int, stop <-chan struct{}) (sum int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for n := range in {
			c <- n
		}
	}()
	for {
		select {
		case n := <-c:
			sum += n
		case <-stop:
			return sum
		}
	}
}
