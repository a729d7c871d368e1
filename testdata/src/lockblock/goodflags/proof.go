//go:build proof

package goodflags

import (
	"sync"
	"testing"
)

// claim: none
func driveAll() {
	var mu sync.Mutex
	var rw sync.RWMutex
	nop := func() {}
	next := func(id int) (string, error) {
		if id > 2 {
			return "", errOdd
		}
		return "", nil
	}
	for _, shared := range []bool{false, true, true} {
		t := &Table{shared: shared, rows: make(map[int]string)}
		for range 2 {
			t.Exit(1)
		}
		for range 2 {
			t.Put(1, "a")
			t.Get(1)
			t.Len()
			t.MustGet(1)
			t.Update([]int{1, -1, 2}, next)
			t.Update([]int{1, -1}, next)
			t.Update([]int{1, 3}, next)
			testing.Benchmark(func(b *testing.B) { check(b, t, 1) })
		}
		a, b := &View{lock: &mu}, &View{lock: new(sync.Mutex)}
		a.Sum()
		new(View).Sum()
		SumBoth(a, b)
		SumBoth(a, a)
		m := NewMap(3)
		m.Clear()
		m.Len()
		m.Move(0, 2, "a")
		m.Move(2, 0, "a")
		m.Move(1, 1, "a")
		m.Total()
		Visit(4)
		c := new(Config)
		c.Spin(3)
		c.Load(func() (map[string]string, error) { return nil, errOdd })
		c.Load(func() (map[string]string, error) { return map[string]string{}, nil })
		c.Load(nil)
		c.Spin(3)
		Each(&mu, []int{2, 3, 4}, func(int) error { return nil })
		Mode(&rw, shared, nop)
		Pick(&rw, shared, nop)
		Downgrade(&rw, func(bool) {})
		rw.RLock()
		Downgrade(&rw, func(bool) {})
		rw.RUnlock()
	}
	mu.Lock()
	rw.Lock()
}
