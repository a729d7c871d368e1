package badbreak

import "context"

// Send is bad: while nobody receives, data stays as long as it is.
func Send(ctx context.Context, out chan<- []byte, data []byte) {
	for len(data) > 0 {
		n := min(len(data), 1024)
		select {
		case out <- data[:n]:
			data = data[n:]
		case <-ctx.Done():
			break // want "break leaves the select, not the for loop: after ctx is done the loop spins until another case leaves it"
		}
	}
}

// Merge is bad: a stays what it is, and is always ready once it is closed.
func Merge(a, b <-chan int, use func(int)) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				continue // want "continue stays in the for loop: after a is closed the loop spins until another case leaves it"
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

// Three is bad: only the other case counts.
func Three(ctx context.Context, in <-chan int) (sum int) {
	for got := 0; got < 3; {
		select {
		case v := <-in:
			sum += v
			got++
		case <-ctx.Done(): // want "this case does not leave the for loop: after ctx is done the loop spins until another case leaves it"
		}
	}
	return sum
}
