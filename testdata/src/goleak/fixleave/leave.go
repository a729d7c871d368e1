// Package fixleave holds goroutines that are left in a send though a context could end
// them, with and without a fix.
package fixleave

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Find has a context that ends with it.
func Find(r io.Reader, word string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for sc := bufio.NewScanner(r); sc.Scan() && ctx.Err() == nil; {
			// One line at a time.
			lines <- sc.Text() // want "send on lines blocks forever"
		}
	}()
	for line := range lines {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}

type pair struct {
	key   string
	value int
}

// Literal sends a literal of several lines.
func Literal(counts map[string]int, large func(int) bool) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pairs := make(chan pair)
	go func() {
		for k, v := range counts {
			pairs <- pair{ // want "send on pairs blocks forever"
				key:   k,
				value: v,
			}
		}
	}()
	for range counts {
		if ctx.Err() != nil {
			return "none"
		}
		if p := <-pairs; large(p.value) {
			return p.key
		}
	}
	return ""
}

// Watch has receivers that leave when the context is done.
func Watch(ctx context.Context, next func() int, use func(int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	values := make(chan int)
	go func() {
		for ctx.Err() == nil {
			values <- next() // want "send on values blocks forever"
		}
	}()
	for {
		select {
		case v := <-values:
			if err := use(v); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Two are left in the same way.
func Two(ctx context.Context, a, b func() int) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	values := make(chan int)
	for _, next := range []func() int{a, b} {
		go func() {
			for {
				values <- next() // want "send on values blocks forever"
			}
		}()
	}
	select {
	case v := <-values:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Asked looks at the context's error after the last value.
func Asked(ctx context.Context, names []string, visit func(string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan string)
	go func() {
		defer close(queue)
		for _, name := range names {
			queue <- name // want "send on queue blocks forever"
		}
	}()
	for name := range queue {
		if err := visit(name); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Stages are tasks of a group.
func Stages(ctx context.Context, names []string, load, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	done := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, name := range names {
			queue <- name // want "send on queue blocks forever"
		}
		return nil
	})
	g.Go(func() error {
		defer close(done)
		for name := range queue {
			if err := load(gctx, name); err != nil {
				return err
			}
			done <- name // want "send on done blocks forever"
		}
		return nil
	})
	g.Go(func() error {
		for name := range done {
			if err := store(gctx, name); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// Short has its goroutine on one line.
func Short(ids []int, ask func(int) int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	answers := make(chan int)
	more := append(ids, 0)
	for _, id := range more {
		go func() { answers <- ask(id) }() // want "send on answers blocks forever"
	}
	if ctx.Err() != nil {
		return -1
	}
	return <-answers
}

// The following get no fix.

// Partial gets none: when ctx is done, its caller would take the sum of some for that
// of all.
func Partial(ctx context.Context, values []int, limit int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan int)
	go func() {
		defer close(queue)
		for _, v := range values {
			queue <- v // want "send on queue blocks forever"
		}
	}()
	sum := 0
	for v := range queue {
		if sum += v; sum > limit || ctx.Err() != nil {
			break
		}
	}
	return sum
}

// Foreign gets none: nothing cancels ctx when the function returns.
func Foreign(ctx context.Context, next func() int, use func(int) error) error {
	values := make(chan int)
	go func() {
		for {
			values <- next() // want "send on values blocks forever"
		}
	}()
	for {
		select {
		case v := <-values:
			if err := use(v); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Sometimes gets none: cancel is not called on each way out.
func Sometimes(next func() int, use func(int) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	values := make(chan int)
	go func() {
		for {
			values <- next() // want "send on values blocks forever"
		}
	}()
	for ctx.Err() == nil {
		if err := use(<-values); err != nil {
			return err
		}
	}
	cancel()
	return nil
}

// After gets none: the goroutine has something to do after its value was received.
func After(names []string, use func(string) bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	queue := make(chan string)
	go func() {
		for _, name := range names {
			queue <- name // want "send on queue blocks forever"
			log.Print(name, ctx.Err())
		}
	}()
	for range names {
		if !use(<-queue) {
			return
		}
	}
}

// Conns gets none: nobody would close the connection.
func Conns(l net.Listener, use func(net.Conn) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conns := make(chan net.Conn)
	go func() {
		for ctx.Err() == nil {
			c, _ := l.Accept()
			conns <- c // want "send on conns blocks forever"
		}
	}()
	for {
		if err := use(<-conns); err != nil {
			return err
		}
	}
}

// Waits gets none: what it waits for is not freed by its own end.
func Waits(names []string, use func(string) error) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var wg sync.WaitGroup
	queue := make(chan string)
	wg.Go(func() {
		defer close(queue)
		for _, name := range names {
			queue <- name // want "send on queue blocks forever"
		}
	})
	for name := range queue {
		if err = use(name); err != nil {
			break
		}
	}
	wg.Wait()
	return errors.Join(err, ctx.Err())
}

// Sum gets none: the task would store the sum of some for that of all.
func Sum(ctx context.Context, values []int, check func(context.Context, int) error, store func(int)) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan int)
	g.Go(func() error {
		defer close(queue)
		for _, v := range values {
			queue <- v // want "send on queue blocks forever"
		}
		return nil
	})
	g.Go(func() error {
		sum := 0
		for v := range queue {
			if err := check(gctx, v); err != nil {
				return err
			}
			sum += v
		}
		store(sum)
		return nil
	})
	return g.Wait()
}

// Enough gets none: the group's context goes on when a task has enough.
func Enough(ctx context.Context, values []int, good func(context.Context, int) bool) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan int)
	g.Go(func() error {
		defer close(queue)
		for _, v := range values {
			queue <- v // want "send on queue blocks forever"
		}
		return nil
	})
	g.Go(func() error {
		for v := range queue {
			if good(gctx, v) {
				break
			}
		}
		return nil
	})
	return g.Wait()
}
