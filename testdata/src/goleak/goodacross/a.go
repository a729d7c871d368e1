package goodacross

import (
	"context"
	"io"

	"across/stream"
)

func longest(r io.Reader) string {
	best := ""
	for line := range stream.Lines(r) {
		if len(line) > len(best) {
			best = line
		}
	}
	return best
}

func find(r io.Reader, want string) bool {
	lines := stream.Lines(r)
	defer stream.Drain(lines)
	for line := range lines {
		if line == want {
			return true
		}
	}
	return false
}

func countTo(n int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sum := 0
	for i := range stream.Count(ctx) {
		if i == n {
			break
		}
		sum += i
	}
	return sum
}

func logged(name string, check func() error) error {
	l, err := stream.Open(name)
	if err != nil {
		return err
	}
	defer l.Close()
	if err := check(); err != nil {
		return err
	}
	l.Write("done")
	return nil
}

func spawned() string {
	c := make(chan string, 1)
	stream.Spawn(func() {
		c <- "a"
	})
	select {
	case s := <-c:
		return s
	default:
		return ""
	}
}
