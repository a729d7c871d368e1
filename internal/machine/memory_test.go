package machine

import (
	"go/token"
	"go/types"
	"testing"
)

// Memory that was used before is as good as new.
func TestMemoryIsReused(t *testing.T) {
	p := &Program{}
	m := &Machine{prog: p, memory: p.memory()}
	var cells []*Cell
	for range 3 * blockSize {
		c := m.outside(types.Typ[types.Int])
		m.addPart(c, 0, types.Typ[types.Int])
		cells = append(cells, c)
	}
	given := m.memory.values.slice(minValues)
	given[0] = Nil{}
	more := m.memory.values.slice(2 * minValues)
	if len(more) != 2*minValues || &given[0] == &more[0] {
		t.Error("slices of a memory overlap")
	}
	m.End(false)

	m = &Machine{prog: p, memory: p.memory()}
	if c := m.newCell(types.Typ[types.Int], nil); c != cells[0] || c.out || c.parts != nil {
		t.Error("the first cell is not reused, or not empty")
	}
	for _, v := range m.memory.values.slice(minValues) {
		if v != nil {
			t.Fatal("a slice is not empty")
		}
	}
}

// A run that is kept keeps its memory.
func TestMemoryIsKept(t *testing.T) {
	p := &Program{}
	m := &Machine{prog: p, memory: p.memory()}
	old := m.newCell(types.Typ[types.Int], nil)
	m.End(true)
	m = &Machine{prog: p, memory: p.memory()}
	if m.newCell(types.Typ[types.Int], nil) == old {
		t.Error("the memory of a run that is kept is reused")
	}
}

// One expression is one Sym, within a run.
func TestSymbols(t *testing.T) {
	p := &Program{}
	m := &Machine{prog: p, memory: p.memory()}
	basic := types.Typ[types.Int]
	a, b := m.fresh(basic), m.fresh(basic)
	values := []Value{a, b, int64(1), int64(2), "x", "y", true, Nil{}, m.newCell(basic, nil), typeKey{basic}, getter{obj: types.Universe.Lookup("error").Type().Underlying().(*types.Interface).Method(0)}}
	keys := func() (keys []symKey) {
		for _, x := range values {
			for _, y := range values {
				for n := range 3 {
					keys = append(keys, symKey{kind: symOp, op: token.ADD, n: n, x: x, y: y})
				}
			}
		}
		return keys
	}()
	seen := make(map[*Sym]symKey)
	for range 2 {
		for _, k := range keys {
			s := m.symbol(k, basic)
			if other, ok := seen[s]; ok && other != k {
				t.Fatalf("one Sym for %v and %v", k, other)
			}
			seen[s] = k
			if !m.memory.exprs.has(&k) {
				t.Fatalf("%v is lost", k)
			}
		}
	}
	if len(seen) != len(keys) {
		t.Errorf("%d Syms for %d expressions", len(seen), len(keys))
	}
	m.End(false)
	m = &Machine{prog: p, memory: p.memory()}
	for _, k := range keys {
		if m.memory.exprs.has(&k) {
			t.Fatalf("%v has a Sym of an earlier run", k)
		}
	}
}
