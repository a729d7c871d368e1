//go:build proof

package goodexit

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errFailed = errors.New("failed")

var past, now, future = time.Unix(1, 0), time.Unix(2, 0), time.Unix(3, 0)

// claim: none
func driveCache() {
	c := NewCache(1)
	for range 2 {
		c.Put("a", "1", past)
		c.Put("b", "2", future)
		c.Get("a", now)
		c.Get("b", now)
		c.Get("c", now)
		c.Sweep([]string{"a", "b"}, now)
		c.Evict([]string{"a", "b"}, func(n int) bool { return n == 0 })
	}
	c.Refresh("a", func(string) (string, error) { return "", errFailed })
	c.Refresh("a", func(string) (string, error) { return "a", nil })
	c.Close()
	c.Close()
	c.Put("a", "1", past)
}

// claim: none
func driveTable() {
	var t Table
	for range 2 {
		t.Append([]string{"a"})
		t.Append([]string{"a"})
		t.Append([]string{"a", "b"})
		t.Column("A")
		t.Column("b")
		t.Cell(0, "a")
		t.Cell(0, "b")
		t.Rename("b", "c")
		t.Rename("a", "a")
	}
}

// claim: none
func driveCounter() {
	c := &Counter{counts: map[string]int{"a": 1, "z": -1}}
	for range 2 {
		c.Add("a", -1)
		c.Add("a", 1)
		c.Must("a")
		Copy(&Counter{counts: make(map[string]int)}, c)
		Serve(c, "a", func(n int) int { return n })
		Serve(c, "z", nil)
		Setting("a")
		RegisterName("a", 1)
	}
}

type nopCloser struct{}

func (nopCloser) Close() error { return nil }

// claim: none
func drivePool() {
	p := &Pool{max: 1}
	ctx := context.Background()
	for range 2 {
		p.Acquire(ctx, func(context.Context) (*Conn, error) { return nil, errFailed })
		c, _ := p.Acquire(ctx, func(context.Context) (*Conn, error) { return &Conn{}, nil })
		p.Release(c)
		p.Acquire(ctx, nil)
		p.Acquire(ctx, nil)
		p.Release(&Conn{broken: true, Closer: nopCloser{}})
	}
	m := &Monitor{}
	for range 2 {
		m.Record(1)
		m.Reset()
		m.stopped = true
	}
}

// claim: none
func driveQueue() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := &Queue{jobs: make([]func() error, 0, 1), wake: make(chan struct{}, 1)}
	timeout := make(chan time.Time)
	close(timeout)
	for range 2 {
		q.TryPush(func() error { return errFailed })
		q.TryPush(nil)
		q.Run()
		q.Drain(false)
		q.Push(ctx, nil)
		q.Poll(timeout)
		q.Drain(false)
	}
	q.mu.Lock()
	q.Drain(true)
	q.mu.Unlock()
	var mu sync.Mutex
	Each(&mu, []int{1}, func(int) bool { return false })
	Each(&mu, []int{1}, func(int) bool { return true })
}

// claim: none
func driveStore() {
	s := &Store{readOnly: true, data: make(map[string]string)}
	s.Begin()
	s.readOnly = false
	for range 2 {
		tx, _ := s.Begin()
		tx.Commit()
		s.Flush(nil)
		s.data["a"] = "b"
		s.Flush(func(m map[string]string) { clear(m) })
		s.mu.Lock()
		s.mu.Unlock()
	}
}
