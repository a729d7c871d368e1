//go:build proof

package baddouble

import (
	"errors"
	"time"
)

func registry() *Registry {
	r := NewRegistry()
	r.services["a"] = Service{Name: "a"}
	r.services["b"] = Service{Name: "b"}
	return r
}

// claim: deadlock Registry.Len
func driveString() { _ = registry().String() }

// claim: deadlock Registry.Lookup
func driveRename() { registry().Rename("a", "c") }

// claim: deadlock Registry.Add
func driveAddAll() { registry().AddAll([]Service{{Name: "c"}}) }

// claim: deadlock Registry.weight
func driveHeaviest() { registry().Heaviest() }

// claim: deadlock Registry.Remove
func drivePrune() { registry().Prune() }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// claim: deadlock Store.logError
func driveClose() { (&Store{w: full{}}).Close() }

func store() *Store { return &Store{data: map[string][]byte{"a": nil}} }

// claim: deadlock Store.Get
func driveUpdate() { store().Update("a", func(b []byte) []byte { return b }) }

// claim: deadlock Store.Promote
func drivePromote() { store().Promote("a", "b") }

// claim: deadlock Node.Size
func driveMeasure() { Measure(2) }

// claim: deadlock List.Push
func driveInts() { Ints(1, 2) }

// claim: deadlock Metrics.locked
func driveMerge() {
	m := &Metrics{values: make(map[string]float64)}
	m.Merge([]string{"a"})
}

// claim: deadlock Limiter.Acquire
func driveAcquire() {
	l := &Limiter{limit: 1}
	l.Acquire()
	l.Acquire()
}

// claim: deadlock Lazy.load
func driveText() { new(Lazy).Text() }

// claim: deadlock Transfer
func driveRound() { Round(new(Account)) }

// claim: deadlock Shards.Swap
func driveSwap() { new(Shards).Swap(1, "a", 1) }

// claim: deadlock Parser.Parse
func driveParse() {
	p := &Parser{tokens: []string{"a", "b"}, hook: func(string) {}}
	p.Parse()
}

// claim: deadlock Metrics.Reload
func driveReload() { new(Metrics).Reload(nil) }

// claim: deadlock Session.Lock
func driveSetUser() { new(Session).SetUser("a") }

// claim: deadlock Session.Retry
func driveRetry() {
	new(Session).Retry(2, func() bool {
		time.Sleep(time.Millisecond)
		return false
	})
}
