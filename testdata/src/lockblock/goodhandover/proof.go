//go:build proof

package goodhandover

import (
	"context"
	"errors"
	"testing"
	"time"
)

// claim: none
func driveStore() {
	s := &Store{data: map[string]string{"a": ""}}
	for range 2 {
		s.Update("a", "")
		s.Update("b", "1")
		s.Value("b")
		s.Value("c")
		s.Purge()
		s.Save(func(map[string]string) error { return errInvalid })
		s.Save(func(map[string]string) error { return nil })
		s.Delete("a")
	}
	l := &Log{lines: []string{"a"}}
	for range 2 {
		l.Find(func(string) bool { return true })
		l.Find(func(string) bool { return false })
		l.Print("a", true)
		l.Print("a", false)
		l.Rotate(func([]string) error { return errInvalid })
		l.Rotate(func([]string) error { return nil })
		Wait(func() error { return errInvalid })
		Wait(func() error { return nil })
		new(Setup).Ready()
		Twice(nil)
	}
}

// claim: none
func driveMore() {
	ctx, cancel := context.WithCancel(context.Background())
	c := new(Collection)
	for range 2 {
		if b, ok := c.StartIfEmpty(); ok {
			b.Finish()
		}
		c.Start().Finish()
		c.Start().Cancel()
		c.Open().Close()
		c.Add("a")
		c.Clear()
		c.Clear()
		c.Replace(ctx, nil)
		c.TryAdd("a")
		c.Hold(time.Millisecond)
		c.Schedule(func(f func()) { go f() })
		testing.Benchmark(func(b *testing.B) { c.lockForTest(b) })
		c.Acquire()
		c.Release()
		c.Retry(3)
		c.Kind(0)
		c.Kind(1)
		c.Kind(2)
		RunAll(3)
		Baton(3)
		Claim()
	}
	c.Start()
	cancel()
	if err := c.Replace(ctx, nil); !errors.Is(err, context.Canceled) {
		panic(err)
	}
}
