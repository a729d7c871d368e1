// Package badlocked holds channel operations under a lock that the other side needs.
package badlocked

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
		out <- w // want "send on out blocks forever"
	}
}

// HasPrefix is bad: the scan is left in its send, and keeps the read lock with it.
func (x *Index) HasPrefix(prefix string) bool {
	words := make(chan string)
	go x.scan(words)
	for w := range words {
		if strings.HasPrefix(w, prefix) {
			return true
		}
	}
	return false
}

// A Room delivers messages to its members.
type Room struct {
	mu      sync.Mutex
	members []chan string
	log     []string
}

// Say is bad: it sends to the members under the lock that a member needs before it receives.
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
	for _, m := range msgs {
		for _, in := range r.members {
			in <- m
		}
	}
	for _, in := range r.members {
		close(in)
	}
	r.mu.Unlock()
	return r
}

// A Tree is rebuilt in the background.
type Tree struct {
	mu    sync.Mutex
	nodes []string
}

// Rebuild is bad: it waits under the lock for a goroutine that stores its result under the lock.
func (t *Tree) Rebuild(build func() []string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		nodes := build()
		t.mu.Lock()
		t.nodes = nodes
		t.mu.Unlock()
	}()
	<-done
	return len(t.nodes)
}
