package goodbreak

import "context"

// Offset is good: the case sets what the condition asks.
func Offset(ctx context.Context, out chan<- byte, data []byte) {
	for n := 0; n < len(data); {
		select {
		case out <- data[n]:
			n++
		case <-ctx.Done():
			n = len(data)
		}
	}
}

// Tries is good: each turn counts, whatever the case.
func Tries(ctx context.Context, in <-chan int) (sum int) {
	for i := 0; i < 3; i++ {
		select {
		case v := <-in:
			sum += v
		case <-ctx.Done():
			break
		}
	}
	return sum
}

// Both is good: a channel that is closed becomes nil.
func Both(a, b <-chan int, use func(int)) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			use(v)
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			use(v)
		}
	}
}

// FlagOfLiteral is good: a literal that another goroutine runs sets the condition.
func FlagOfLiteral(ctx context.Context, in <-chan int, later func(func())) {
	running := true
	later(func() { running = false })
	for running {
		select {
		case <-in:
		case <-ctx.Done():
		}
	}
}

type machine struct {
	state int
	done  chan struct{}
	in    chan int
}

func (m *machine) close() { close(m.done) }

func newMachine() *machine { return &machine{done: make(chan struct{}), in: make(chan int)} }

// run is good as far as it can be seen: the condition is a field, which others set.
func (m *machine) run() {
	for m.state < 3 {
		select {
		case v := <-m.in:
			m.state = v
		case <-m.done:
			break
		}
	}
}

// RestOfInput is good: what is received before the select is in the condition.
func RestOfInput(ctx context.Context, in <-chan int, out chan<- int) {
	v, ok := <-in
	for ok {
		select {
		case out <- v:
		case <-ctx.Done():
		}
		v, ok = <-in
	}
}
