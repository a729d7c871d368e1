package model

import (
	"encoding/binary"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A layout numbers the values and calls of a function. A package has thousands
// of instances, and most of a model is what is known of their values: kept in
// slices by number it takes a fifth of the memory that maps do.
//
// A layout never changes, since the models of a package share it.
type layout struct {
	numbers       map[any]numbers // by ssa.Value and ssa.CallInstruction
	values, calls int32           // how many there are
}

// numbers are the numbers of an instruction or parameter, -1 for none.
type numbers struct{ value, call int32 }

// value returns the number of a value, or -1 where it has none: constants,
// functions, globals, what cannot refer to anything, and values of other
// functions.
func (l *layout) value(v ssa.Value) int32 {
	if n, ok := l.numbers[v]; ok {
		return n.value
	}
	return -1
}

// call returns the number of a call, go or defer statement, or -1 where it is
// in another function.
func (l *layout) call(site ssa.CallInstruction) int32 {
	if n, ok := l.numbers[site]; ok {
		return n.call
	}
	return -1
}

func (b *Builder) layoutOf(fn *ssa.Function) *layout {
	l := b.layouts[fn]
	if l == nil {
		l = newLayout(fn)
		b.layouts[fn] = l
	}
	return l
}

func newLayout(fn *ssa.Function) *layout {
	l := &layout{numbers: make(map[any]numbers)}
	add := func(x any) {
		n := numbers{-1, -1}
		if v, ok := x.(ssa.Value); ok && refers(v.Type()) {
			n.value = l.values
			l.values++
		}
		if _, ok := x.(ssa.CallInstruction); ok {
			n.call = l.calls
			l.calls++
		}
		if n.value >= 0 || n.call >= 0 {
			l.numbers[x] = n
		}
	}
	for _, p := range fn.Params {
		add(p)
	}
	for _, fv := range fn.FreeVars {
		add(fv)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			add(instr)
		}
	}
	return l
}

// refers reports whether a value of type t as a whole may refer to something: a
// tuple does so only in its parts.
func refers(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Tuple:
		return false
	}
	return true
}

// sets holds what the values of all instances may refer to, once that is known.
// Most sets have one element, and many are equal.
type sets struct {
	number []int32 // by value, see Instance.values: the number of its set, 0 the empty one
	start  []int32 // by number: where the set begins in locs; it ends where the next one begins
	locs   []Loc
}

// of returns the set of a value.
func (s *sets) of(value int32) []Loc {
	n := s.number[value]
	if n == 0 {
		return nil
	}
	from, to := s.start[n], s.start[n+1]
	return s.locs[from:to:to]
}

// newSets takes the sets over from the nodes of the values.
func newSets(solved *solver) sets {
	s := sets{number: make([]int32, 0, solved.values), start: []int32{0}}
	single := make([]int32, len(solved.locs)) // the number of the set of just this location
	several := make(map[string]int32)
	var key []byte
	for _, values := range solved.nodes {
		for _, n := range values {
			id := int32(0)
			switch {
			case n == nil || len(n.pts) == 0:
			case len(n.pts) == 1:
				id = s.add(single[n.pts[0]], n.pts, solved.locs)
				single[n.pts[0]] = id
			default:
				key = key[:0]
				for _, l := range n.pts {
					key = binary.NativeEndian.AppendUint32(key, uint32(l))
				}
				id = several[string(key)]
				if id == 0 {
					id = s.add(id, n.pts, solved.locs)
					several[string(key)] = id
				}
			}
			s.number = append(s.number, id)
		}
	}
	s.start = append(s.start, int32(len(s.locs)))
	s.start, s.locs = slices.Clone(s.start), slices.Clone(s.locs)
	return s
}

// add returns the number of a set: id, or where that is 0 a new one.
func (s *sets) add(id int32, pts []locID, locs []Loc) int32 {
	if id != 0 {
		return id
	}
	id = int32(len(s.start))
	s.start = append(s.start, int32(len(s.locs)))
	for _, l := range pts {
		s.locs = append(s.locs, locs[l])
	}
	return id
}

// shrink keeps what was found out, in little memory.
func (m *Model) shrink() {
	m.sets = newSets(m.solver)
	for _, inst := range m.Instances {
		for i := range inst.layout.calls {
			if c := m.calls[inst.calls+i]; c != nil && c.keeps {
				inst.Thread.callsUnknown = true
			}
		}
	}
	m.calls = slices.Clone(m.calls)
	for i, c := range m.calls {
		if c != nil && len(c.Callees) == 0 {
			m.calls[i] = &plainCall
			if c.Unknown {
				m.calls[i] = &unknownCall
			}
		}
	}
}

// The calls without a callee are all alike.
var (
	plainCall   Call
	unknownCall = Call{Unknown: true}
)
