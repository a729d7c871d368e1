package badacross

import (
	"context"
	"errors"
	"io"
	"sync"

	"across/stream"
)

func firstLine(r io.Reader) string {
	for line := range stream.Lines(r) { // want `send in the goroutine of stream.Lines .line 21 of stream.go. blocks forever: the only receiver has returned at line 14`
		return line
	}
	return ""
}

func find(r io.Reader, want string) bool {
	lines := stream.Lines(r) // want `send in the goroutine of stream.Lines .line 21 of stream.go. blocks forever when line == want .line 22.: the only receiver has returned at line 23`
	for line := range lines {
		if line == want {
			return true
		}
	}
	return false
}

func countTo(n int) int {
	sum := 0
	for i := range stream.Count(context.Background()) { // want `select in the goroutine of stream.Count .line 33 of stream.go. blocks forever when i == n .line 32.`
		if i == n {
			break
		}
		sum += i
	}
	return sum
}

func logged(name string, check func() error) error {
	l, err := stream.Open(name) // want `select in the goroutine of stream.Open .line 68 of stream.go. blocks forever when err != nil .line 45.`
	if err != nil {
		return err
	}
	if err := check(); err != nil {
		return errors.New("check failed")
	}
	l.Write("done")
	return l.Close()
}

func spawned() string {
	c := make(chan string)
	stream.Spawn(func() {
		c <- "a" // want `send on c blocks forever: no receiver is left after the return at line 61`
	})
	select {
	case s := <-c:
		return s
	default:
		return ""
	}
}

func sum(words []string) {
	out := make(chan string)
	var wg sync.WaitGroup
	for _, w := range words {
		wg.Go(func() { stream.Send(out, w) })
	}
	go wg.Wait()
	stream.Drain(out) // want `receive in stream.Drain`
}
