//go:build proof

package badiface

import "sync"

type one struct {
	sync.Mutex
	values []string
}

func (o *one) Tx() Tx                { return o }
func (o *one) Get(k string) []string { return o.values }

// claim: deadlock Wait
func driveWait() { Wait(&one{values: []string{"a"}}, func() {}) }

// claim: deadlock Find
func driveFind() {
	o := new(one)
	Find(o, "a")
	Find(o, "a")
}

// claim: deadlock batch.Commit
func driveFill() { Fill(&Store{tx: &batch{}}, []string{"a"}) }
