package machine

import "golang.org/x/tools/go/ssa"

// A Reach is what a set of goroutines can get at: the objects that are
// reachable from their variables.
type Reach struct {
	seen  map[any]bool
	prims map[*Prim]bool
	chans map[*Chan]bool
	ends  map[*Ctx]bool // contexts that can be cancelled
	funcs map[*ssa.Function]bool
}

// NewReach returns an empty reach.
func NewReach() *Reach {
	return &Reach{seen: make(map[any]bool), prims: make(map[*Prim]bool), chans: make(map[*Chan]bool), ends: make(map[*Ctx]bool), funcs: make(map[*ssa.Function]bool)}
}

// Add adds what a goroutine can get at.
func (r *Reach) Add(g *Goroutine) {
	for _, v := range g.holds {
		r.value(v)
	}
	for _, f := range g.frames {
		for _, v := range f.env {
			r.value(v)
		}
		for _, v := range f.holds {
			r.value(v)
		}
		for _, d := range f.defers {
			r.value(d.fn)
			for _, a := range d.args {
				r.value(a)
			}
		}
	}
	if g.counts != nil {
		r.prim(g.counts)
	}
	if g.Pending != nil {
		for _, c := range g.Pending.cases {
			r.value(c.ch)
			r.value(c.val)
		}
	}
}

// Chan reports whether a channel is reachable, or, for the Done channel of a
// context, whether the context can be cancelled.
func (r *Reach) Chan(c *Chan) bool {
	if c.ctx != nil {
		return r.Ctx(c.ctx)
	}
	return r.chans[c]
}

// Ctx reports whether a context, or one that it is derived from, can be
// cancelled.
func (r *Reach) Ctx(c *Ctx) bool {
	for ; c != nil; c = c.up {
		if r.ends[c] || c.late {
			return true
		}
	}
	return false
}

// Prim reports whether a lock or group is reachable.
func (r *Reach) Prim(p *Prim) bool { return r.prims[p] }

func (r *Reach) prim(p *Prim) {
	if r.prims[p] {
		return
	}
	r.prims[p] = true
	if p.cancel != nil {
		r.ends[p.cancel] = true
	}
	r.value(p.result)
}

func (r *Reach) value(v Value) {
	switch v := known(v).(type) {
	case *Cell:
		r.cell(v)
	case *Sym:
		if v.cell != nil {
			r.cell(v.cell)
		}
		if v.ch != nil {
			r.value(v.ch)
		}
	case *Chan:
		if !r.chans[v] {
			r.chans[v] = true
			for _, b := range v.buf {
				r.value(b)
			}
		}
	case *Func:
		if v.fn != nil {
			r.funcs[v.fn] = true
		}
		if ctx, ok := v.recv.(*Ctx); ok {
			r.ends[ctx] = true
		} else {
			r.value(v.recv)
		}
		for _, f := range v.free {
			r.value(f)
		}
	case *Struct:
		for _, p := range v.parts {
			r.value(p)
		}
	case *Iface:
		r.value(v.v)
	case *rlocker:
		r.cell(v.mu)
	case *Slice:
		for _, c := range v.cells {
			r.cell(c)
		}
	case *Map:
		if !r.seen[v] {
			r.seen[v] = true
			for i, x := range v.vals {
				r.value(v.keys[i])
				r.value(x)
			}
		}
	case *iterator:
		if v.m != nil {
			r.value(v.m)
		}
	case *Tuple:
		for _, x := range v.vals {
			r.value(x)
		}
	}
}

func (r *Reach) cell(c *Cell) {
	if r.seen[c] {
		return
	}
	r.seen[c] = true
	if c.prim != nil {
		r.prim(c.prim)
	}
	r.value(c.val)
	for p := c.parts; p != nil; p = p.next {
		r.cell(p)
	}
}
