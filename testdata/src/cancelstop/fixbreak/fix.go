// Package fixbreak has one case for each way to leave a loop.
package fixbreak

import (
	"context"
	"log"
)

// Last is the last statement of its function: return.
func Last(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			break // want "break leaves the select"
		case n := <-in:
			log.Print(n)
		}
	}
}

// Logs keeps what the case does.
func Logs(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done(): // want "this case does not leave"
			log.Print("stopped") // by ctx
		case n := <-in:
			log.Print(n)
		}
	}
}

// Empty gets a return of its own.
func Empty(ctx context.Context, in <-chan int) {
	go func() {
		for {
			select {
			case <-ctx.Done(): // want "this case does not leave"
			case n := <-in:
				log.Print(n)
			}
		}
	}()
}

// Follows goes on behind the loop: a label.
func Follows(ctx context.Context, in <-chan int) (sum int) {
	// Sum up.
	for {
		select {
		case <-ctx.Done():
			break // want "break leaves the select"
		case n := <-in:
			sum += n
		}
	}
	log.Print(sum)
	return sum
}

// Labelled has a label already.
func Labelled(ctx context.Context, in <-chan int) (sum int) {
numbers:
	for {
		select {
		case <-ctx.Done():
			continue // want "continue stays in the for loop"
		case n := <-in:
			if n == 0 {
				continue numbers
			}
			sum += n
		}
	}
	return sum
}

// Taken uses the name of the label for something else.
func Taken(ctx context.Context, in <-chan int) {
	loop := 0
	if in != nil {
		for {
			select {
			case <-ctx.Done():
				break // want "break leaves the select"
			case <-in:
				loop++
			}
		}
	}
	log.Print(loop)
}

// Result would need a value: no fix.
func Result(ctx context.Context, in <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			break // want "break leaves the select"
		case n := <-in:
			log.Print(n)
		}
	}
}

// Rest has another input that is not empty yet: no fix.
func Rest(a, b <-chan int) {
	for {
		select {
		case n, ok := <-a:
			if !ok {
				break // want "break leaves the select"
			}
			log.Print(n)
		case n := <-b:
			log.Print(n)
		}
	}
}

// Only has no other input.
func Only(ctx context.Context, in <-chan int) {
	for {
		select {
		case n, ok := <-in:
			if !ok {
				break // want "break leaves the select"
			}
			log.Print(n)
		case <-ctx.Done():
			return
		}
	}
}

// Default is deleted.
func Default(ctx context.Context, in <-chan int) {
	for {
		select {
		case n := <-in:
			log.Print(n)
		default: // want "the default case is empty"
		}
	}
}

// DefaultFirst is deleted as well.
func DefaultFirst(ctx context.Context, in <-chan int) {
	for {
		select {
		default: // want "the default case is empty"
			continue
		case n := <-in:
			log.Print(n)
		case <-ctx.Done():
			return
		}
	}
}
