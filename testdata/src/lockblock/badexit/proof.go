//go:build proof

package badexit

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errFailed = errors.New("failed")

var past, now = time.Unix(1, 0), time.Unix(2, 0)

// claim: deadlock Cache.Get
func driveGet() {
	c := NewCache(1)
	c.Put("a", "1", past)
	c.Get("a", now)
	c.Get("a", now)
}

// claim: deadlock Cache.Put
func drivePut() {
	c := NewCache(1)
	c.Put("a", "1", past)
	c.Put("b", "2", past)
	c.Put("c", "3", past)
}

// claim: deadlock Cache.Sweep
func driveSweep() { NewCache(1).Sweep([]string{"a", "b"}, now) }

// claim: deadlock Cache.Evict
func driveEvict() {
	c := NewCache(1)
	enough := func(n int) bool { return n == 0 }
	c.Evict([]string{"a"}, enough)
	c.Evict([]string{"a"}, enough)
}

// claim: deadlock Cache.Close
func driveClose() {
	c := NewCache(1)
	c.Close()
	c.Close()
	c.Close()
}

// claim: deadlock Table.Rename
func driveColumn() {
	t := &Table{columns: []string{"a"}}
	t.Column("A")
	t.Rename("a", "b")
}

// claim: deadlock Table.Rename
func driveCell() {
	t := &Table{columns: []string{"a"}}
	t.Cell(0, "b")
	t.Rename("a", "b")
}

// claim: deadlock Table.Append
func driveAppend() {
	var t Table
	t.Append([]string{"a"})
	t.Append([]string{"b"})
}

// claim: deadlock Table.Rename
func driveRename() {
	var t Table
	t.Rename("a", "b")
	t.Rename("a", "b")
}

// claim: deadlock Counter.Add
func driveAdd() {
	c := &Counter{counts: make(map[string]int)}
	c.Add("a", -1)
	c.Add("a", 1)
}

// claim: deadlock Registry.Register
func driveRegister() {
	RegisterName("a", 1)
	RegisterName("a", 1)
	RegisterName("a", 1)
}

// claim: deadlock Pool.Acquire
func driveAcquire() {
	p := &Pool{max: 1}
	dial := func(context.Context) (*Conn, error) { return nil, errFailed }
	p.Acquire(context.Background(), dial)
	p.Acquire(context.Background(), dial)
}

type nopCloser struct{}

func (nopCloser) Close() error { return nil }

// claim: deadlock Pool.Release
func driveRelease() {
	p := &Pool{open: 2}
	p.Release(&Conn{broken: true, Closer: nopCloser{}})
	p.Release(&Conn{})
}

// claim: deadlock Monitor.enter
func driveRecord() {
	m := &Monitor{stopped: true}
	m.Record(1)
	m.Record(1)
}

// claim: deadlock Monitor.enter
func driveReset() {
	m := &Monitor{stopped: true}
	m.Reset()
	m.Reset()
}

// claim: deadlock driveTryPush
func driveTryPush() {
	q := &Queue{}
	q.TryPush(nil)
	q.mu.Lock()
}

// claim: deadlock Queue.Push
func drivePush() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := &Queue{}
	q.Push(ctx, nil)
	q.Push(ctx, nil)
}

// claim: deadlock Queue.Run
func driveRun() {
	q := &Queue{jobs: []func() error{func() error { return errFailed }}}
	q.Run()
}

// claim: deadlock Queue.Drain
func driveDrain() {
	q := &Queue{}
	q.Drain(false)
	q.Drain(false)
}

// claim: deadlock Counter.Add
func driveCopy() {
	dst := &Counter{counts: make(map[string]int)}
	Copy(dst, &Counter{counts: map[string]int{"a": -1}})
	dst.Add("a", 1)
}

// claim: deadlock Setting
func driveSetting() {
	Setting("a")
	Setting("a")
}

// claim: deadlock Each
func driveEach() {
	var mu sync.Mutex
	stop := func(int) bool { return false }
	Each(&mu, []int{1}, stop)
	Each(&mu, []int{1}, stop)
}

// claim: deadlock Cache.Refresh
func driveRefresh() {
	c := NewCache(1)
	load := func(string) (string, error) { return "", errFailed }
	c.Refresh("a", load)
	c.Refresh("a", load)
}

// claim: deadlock Counter.update
func driveServe() {
	c := &Counter{counts: map[string]int{"a": -1}}
	Serve(c, "a", nil)
	Serve(c, "a", nil)
}

// claim: deadlock Store.Begin
func driveBegin() {
	s := &Store{readOnly: true}
	s.Begin()
	s.Begin()
}

// claim: deadlock Store.Flush
func driveFlush() {
	var s Store
	s.Flush(nil)
	s.Flush(nil)
}

// claim: deadlock Queue.Poll
func drivePoll() {
	q := &Queue{}
	timeout := make(chan time.Time)
	close(timeout)
	q.Poll(timeout)
	q.Poll(timeout)
}

// claim: deadlock Add
func driveTally() {
	t := &tally{n: map[string]int{}}
	t.Add("a")
	t.Add("b")
}

// claim: deadlock meter.Put
func driveMeter() {
	m := new(meter)
	m.Put(-1)
	m.Put(1)
}

// claim: deadlock meter.ResetAndGet
func driveMeterReset() { new(meter).ResetAndGet() }
