// Package goodstream holds producers of streams whose buffer is large enough, or that are
// told when their consumer leaves.
package goodstream

import (
	"bufio"
	"context"
	"io"
)

// EachLine tells its reader.
func EachLine(r io.Reader, f func(string) error) error {
	lines, quit := make(chan string, 16), make(chan struct{})
	defer close(quit)
	go func() {
		defer close(lines)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			select {
			case lines <- sc.Text():
			case <-quit:
				return
			}
		}
	}()
	for l := range lines {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

// EachOf has a context for that.
func EachOf(ctx context.Context, items []int, f func(int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan int, 4)
	go func() {
		defer close(out)
		for _, it := range items {
			select {
			case out <- it:
			case <-ctx.Done():
				return
			}
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Drained takes the rest before it returns.
func Drained(items []int, f func(int) error) (err error) {
	out := make(chan int, 4)
	go func() {
		defer close(out)
		for _, it := range items {
			out <- it
		}
	}()
	for it := range out {
		if err = f(it); err != nil {
			break
		}
	}
	for range out {
	}
	return err
}

// DrainedLater leaves a goroutine that takes the rest.
func DrainedLater(items []int, f func(int) error) error {
	out := make(chan int, 4)
	go func() {
		defer close(out)
		for _, it := range items {
			out <- it
		}
	}()
	defer func() {
		go func() {
			for range out {
			}
		}()
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Sized has room for all.
func Sized(items []int, f func(int) error) error {
	out := make(chan int, len(items))
	go func() {
		defer close(out)
		for _, it := range items {
			out <- it
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Three sends no more than its buffer holds.
func Three(get func(int) int, f func(int) error) error {
	out := make(chan int, 3)
	go func() {
		defer close(out)
		for i := range 3 {
			out <- get(i)
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// FewAtMost stops when it has sent as much as its buffer holds.
func FewAtMost(r io.Reader, f func(string) error) error {
	out := make(chan string, 10)
	go func() {
		defer close(out)
		n := 0
		for sc := bufio.NewScanner(r); sc.Scan(); {
			out <- sc.Text()
			if n++; n == 10 {
				return
			}
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Answers sends one answer for each question, of which there are few.
func Answers(ask []string, answer func(string) (int, error)) (int, error) {
	type result struct {
		n   int
		err error
	}
	questions, results := make(chan string, 2), make(chan result, 2)
	go func() {
		for q := range questions {
			n, err := answer(q)
			results <- result{n, err}
		}
	}()
	questions <- ask[0]
	questions <- ask[1]
	close(questions)
	sum := 0
	for range 2 {
		r := <-results
		if r.err != nil {
			return 0, r.err
		}
		sum += r.n
	}
	return sum, nil
}

// Reports drops what there is no room for.
func Reports(r io.Reader, f func(string) error) error {
	out := make(chan string, 4)
	go func() {
		defer close(out)
		for sc := bufio.NewScanner(r); sc.Scan(); {
			select {
			case out <- sc.Text():
			default:
			}
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Room looks whether there is room.
func Room(r io.Reader, f func(string) error) error {
	out := make(chan string, 4)
	go func() {
		defer close(out)
		for sc := bufio.NewScanner(r); sc.Scan(); {
			if len(out) < cap(out) {
				out <- sc.Text()
			}
		}
	}()
	for it := range out {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// Limited starts as many at a time as its channel holds.
func Limited(items []string, do func(string)) {
	sem := make(chan struct{}, 4)
	for _, it := range items {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			do(it)
		}()
	}
}

// Error sends one error and ends.
func Error(r io.Reader, f func(string) error, timeout <-chan struct{}) error {
	errs := make(chan error, 1)
	go func() {
		for sc := bufio.NewScanner(r); sc.Scan(); {
			if err := f(sc.Text()); err != nil {
				errs <- err
				return
			}
		}
		errs <- nil
	}()
	select {
	case err := <-errs:
		return err
	case <-timeout:
		return nil
	}
}
