package lockblock

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/locks"
)

// An edge is a lock taken while another one is held, with both named from the
// object that they have in common.
type edge struct {
	fn            *ssa.Function
	order         locks.Order
	first, second string // names of the lock that is held, and of the one taken
	read1, read2  bool
	others        map[string]bool // all other locks that are held
}

// inversions reports pairs of locks that two functions take in opposite order.
func (c *checker) inversions() {
	byPair := make(map[string][]edge)
	for _, f := range c.locks.Funcs() {
		if c.prog.RunsOnce(f.Fn) {
			continue // nobody runs beside it
		}
		for _, o := range f.Orders {
			e, ok := c.edge(f.Fn, o)
			if !ok {
				continue
			}
			key := e.first + " " + e.second
			if c.opposite(byPair[e.second+" "+e.first], e) {
				continue
			}
			byPair[key] = append(byPair[key], e)
		}
	}
}

// opposite reports an edge if one of the others runs against it.
func (c *checker) opposite(others []edge, e edge) bool {
	for _, o := range others {
		if o.read1 && e.read2 || o.read2 && e.read1 {
			continue // two readers of one lock
		}
		if shareGate(o, e) {
			continue
		}
		c.reportInversion(o, e)
		return true
	}
	return false
}

// shareGate reports whether a third lock keeps the two from meeting.
func shareGate(x, y edge) bool {
	for name := range x.others {
		if y.others[name] {
			return true
		}
	}
	return false
}

// edge names the locks of an order, if they certainly belong together.
func (c *checker) edge(fn *ssa.Function, o locks.Order) (edge, bool) {
	if o.Acquire.Guarded || c.withObject(o.Held) || !c.locks.Stable(o.Held.Lock) || !c.locks.Stable(o.Acquire.Lock) {
		return edge{}, false
	}
	e := edge{fn: fn, order: o, read1: o.Held.Write == 0, read2: o.Acquire.Read, others: make(map[string]bool)}
	var owner, owner2 string
	e.first, owner = lockName(o.Held.Lock)
	e.second, owner2 = lockName(o.Acquire.Lock)
	if e.first == "" || e.second == "" || owner != owner2 && owner != "" && owner2 != "" {
		return edge{}, false
	}
	if r1, r2 := o.Held.Lock.First(), o.Acquire.Lock.First(); r1 != r2 && owner != "" && owner2 != "" {
		return edge{}, false // of two objects
	}
	for _, h := range o.Holds {
		if name, _ := lockName(h.Lock); h.Held() && h.Write > 0 && name != e.first && name != e.second {
			e.others[name] = true
		}
	}
	return e, true
}

// lockName names a lock from the variable or the type of the object that the
// path starts from.
func lockName(p *locks.Path) (name, owner string) {
	root := p.First()
	switch v := root.Root.(type) {
	case *ssa.Global:
		return v.String() + p.Steps(root), ""
	case *ssa.Parameter:
		if p == root {
			return "", ""
		}
		ptr, ok := v.Type().Underlying().(*types.Pointer)
		if !ok {
			return "", ""
		}
		owner = types.TypeString(ptr.Elem(), nil)
		return owner + p.Steps(root), owner
	}
	return "", ""
}
