//go:build proof

package badflags

import (
	"sync"
	"testing"
	"time"
)

// claim: deadlock Table.Unshare
func driveUnshare() {
	t := &Table{shared: true}
	t.Unshare()
	t.shared = true
	t.Unshare()
}

// claim: deadlock Table.Update
func driveUpdate() {
	t := new(Table)
	next := func(int) (string, error) { return "", errOdd }
	t.Update([]int{1}, next)
	t.Update([]int{1}, next)
}

// claim: deadlock Len
func driveLen() {
	shards := []*Shard{{}, {}}
	Len(shards)
	Len(shards)
}

// claim: deadlock Move
func driveMerge() { Merge("a") }

// claim: deadlock check
func drivecheck() {
	testing.Benchmark(func(b *testing.B) { check(b, new(Table), 1) })
}

// claim: deadlock driveMode
func driveMode() {
	var mu sync.RWMutex
	Mode(&mu, false, func() {})
	mu.Lock()
}

// claim: deadlock Downgrade
func driveDowngrade() {
	var mu sync.RWMutex
	Downgrade(&mu, func() {})
}

// claim: deadlock Spin
func driveSpin() {
	var mu sync.Mutex
	ready := func() bool { return true }
	Spin(&mu, 1, ready)
	Spin(&mu, 1, ready)
}

// claim: deadlock driveLoad
func driveLoad() {
	// The second one to come finds the config not loaded and waits for the lock.
	c := new(Config)
	read := func() map[string]string {
		time.Sleep(100 * time.Millisecond)
		return nil
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { c.Load(read) })
	}
	wg.Wait()
	c.mu.Lock()
}

// claim: deadlock Each
func driveEach() {
	var mu sync.Mutex
	Each(&mu, []int{1}, func(int) {})
	Each(&mu, []int{1}, func(int) {})
}
