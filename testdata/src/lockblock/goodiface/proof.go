//go:build proof

package goodiface

import "sync"

type one struct {
	sync.Mutex
	values []string
}

func (o *one) Tx() Tx                { return o }
func (o *one) Get(k string) []string { return o.values }

// claim: none
func driveAll() {
	o := &one{values: []string{"a"}}
	Wait(o, func() {})
	r, err := Open(o, "a")
	if err != nil {
		panic(err)
	}
	r.Close()
	Count(o, "a")
	done := make(chan bool)
	After(o, "a", func([]string) { close(done) })
	<-done
	h := &Handle{o}
	h.Start("a")
	h.Stop()
	Both(o, new(one))
	Twice(o)
	Fill(&Store{tx: new(batch)}, []string{"a", "b"})
	Shared(new(sync.RWMutex))
}
