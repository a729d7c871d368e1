package goodacross

import (
	"io"

	"across/pool"
	"across/stream"
)

// All fetches the pages, some at a time.
func All(urls []string, get func(string) string) {
	tokens := make(chan struct{}, 8)
	for _, u := range urls {
		pool.Acquire(tokens)
		stream.Spawn(func() {
			defer pool.Release(tokens)
			get(u)
		})
	}
}

// Called fetches the pages one after the other.
func Called(urls []string, get func(string) string) {
	for _, u := range urls {
		stream.Call(func() { get(u) })
	}
}

// Longest reads one source after the other.
func Longest(sources []io.Reader) (best string) {
	for _, r := range sources {
		for line := range stream.Lines(r) {
			best = max(best, line)
		}
	}
	return best
}
