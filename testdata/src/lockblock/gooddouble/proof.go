//go:build proof

package gooddouble

import (
	"errors"
	"time"
)

func registry() *Registry {
	r := NewRegistry()
	r.services["a"] = Service{Name: "a"}
	r.services["b"] = Service{Name: "b", Weight: 1}
	return r
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// claim: none
func driveRegistry() {
	r := registry()
	for range 2 {
		_ = r.String()
		r.Len()
		r.AddAll([]Service{{Name: "c"}})
		r.Rename("a", "d")
		r.Heaviest()
		r.Prune()
	}
	s := &Store{w: full{}, data: map[string][]byte{"a": nil}}
	for range 2 {
		s.Update("a", func(b []byte) []byte { return b })
		s.Promote("a", "b")
		s.Ensure("a")
		s.Ensure("z")
		s.Close()
	}
	Measure(2)
}

// claim: none
func driveMore() {
	Ints(1, 2).Push(3)
	m := &Metrics{values: map[string]float64{"a": 1}}
	l := &Limiter{limit: 1}
	z := new(Lazy)
	s := new(Shards)
	p := &Parser{tokens: []string{"a", "b"}}
	p.hook = func(string) {
		p.mu.Lock()
		p.mu.Unlock()
	}
	u := new(Session)
	for range 2 {
		m.Merge([]string{"a", "b"})
		m.Reload(map[string]float64{"a": 1})
		l.Acquire()
		go func() {
			time.Sleep(time.Millisecond)
			l.Release()
		}()
		l.Try()
		z.Text()
		Round(new(Account))
		Transfer(new(Account), new(Account), 1)
		s.Swap(1, "a", 1)
		s.Swap(1, "a", 2)
		s.Move(1, 2, "a")
		s.Move(2, 2, "a")
		s.Total()
		p.Parse()
		u.SetUser("a")
		u.Retry(2, func() bool { return false })
		u.Retry(2, func() bool { return true })
		u.Attempt(2, func() bool { return true })
		Both(func() {})
		Chain(3)
		Coupled(3)
	}
}
