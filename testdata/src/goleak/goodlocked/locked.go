// Package goodlocked holds channel operations near locks that the other side gets.
package goodlocked

import (
	"strings"
	"sync"
)

// An Index is a set of words.
type Index struct {
	mu    sync.RWMutex
	words map[string]int
}

// NewIndex returns an index of words.
func NewIndex(words ...string) *Index {
	x := &Index{words: make(map[string]int)}
	for _, w := range words {
		x.words[w]++
	}
	return x
}

func (x *Index) scan(out chan<- string) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer close(out)
	for w := range x.words {
		out <- w
	}
}

// HasPrefix is good: it reads on to the end of the scan, which gives the read lock up.
func (x *Index) HasPrefix(prefix string) (found bool) {
	words := make(chan string)
	go x.scan(words)
	for w := range words {
		if strings.HasPrefix(w, prefix) {
			found = true
		}
	}
	return found
}

// A Room delivers messages to its members.
type Room struct {
	mu      sync.Mutex
	members []chan string
	log     []string
}

// Say is good: it gives the lock up before it sends.
func Say(members int, msgs []string) *Room {
	r := new(Room)
	r.mu.Lock()
	for range members {
		in := make(chan string)
		r.members = append(r.members, in)
		go func() {
			r.mu.Lock()
			r.log = append(r.log, "joined")
			r.mu.Unlock()
			for range in {
			}
		}()
	}
	r.mu.Unlock()
	for _, m := range msgs {
		for _, in := range r.members {
			in <- m
		}
	}
	for _, in := range r.members {
		close(in)
	}
	return r
}

// A Tree is rebuilt in the background.
type Tree struct {
	mu    sync.Mutex
	nodes []string
}

// Rebuild is good: it waits for the goroutine before it takes the lock.
func (t *Tree) Rebuild(build func() []string) int {
	done := make(chan struct{})
	go func() {
		defer close(done)
		nodes := build()
		t.mu.Lock()
		t.nodes = nodes
		t.mu.Unlock()
	}()
	<-done
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.nodes)
}
