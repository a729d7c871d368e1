package flow

import (
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/model"
)

// known caches, for one model, what does not depend on the path: the canonical
// forms of its conditions, and which of them are worth remembering.
type known struct {
	m      *model.Model
	steps  int // of all walks so far
	conds  map[condKey]canonical
	worth  map[string]bool
	blocks map[blockKey]map[string]bool
}

type condKey struct {
	inst *model.Instance
	test *ssa.If
}

type blockKey struct {
	inst  *model.Instance
	block *ssa.BasicBlock
}

// canonical is a condition as facts compare it.
type canonical struct {
	expr     string
	positive bool
}

// cacheOf returns the cache of a model.
func cacheOf(m *model.Model) *known {
	if k, ok := m.Paths.(*known); ok {
		return k
	}
	k := &known{m: m, conds: make(map[condKey]canonical), worth: make(map[string]bool), blocks: make(map[blockKey]map[string]bool)}
	m.Paths = k
	k.survey()
	return k
}

// survey finds the conditions that are worth remembering: those tested in more
// than one place, and those on a value that flows on, into a variable, a
// result or a phi, and may be tested there under another name.
func (k *known) survey() {
	count := make(map[string]int)
	for _, inst := range k.m.Instances {
		for _, b := range inst.Fn.Blocks {
			test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			expr, positive := condition(inst, test.Cond)
			k.conds[condKey{inst, test}] = canonical{expr, positive}
			count[expr]++
			if count[expr] > 1 || flowsOn(test.Cond) {
				k.worth[expr] = true
			}
		}
	}
}

// flowsOn reports whether a condition, or what it compares, is used for more
// than being tested.
func flowsOn(cond ssa.Value) bool {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if handedOn(v) {
			return true
		}
		return flowsOn(v.X)
	case *ssa.BinOp:
		return handedOn(v) || handedOn(v.X) || handedOn(v.Y)
	}
	return handedOn(cond)
}

func handedOn(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.Phi, *ssa.Return, *ssa.Store:
			return true
		}
	}
	return false
}

// condition returns the canonical form of the condition of a branch.
func (k *known) condition(inst *model.Instance, test *ssa.If) (expr string, positive bool) {
	c := k.conds[condKey{inst, test}]
	return c.expr, c.positive
}

// defined returns the names of the values that a block computes.
func (k *known) defined(inst *model.Instance, b *ssa.BasicBlock) map[string]bool {
	key := blockKey{inst, b}
	names, ok := k.blocks[key]
	if !ok {
		names = make(map[string]bool)
		prefix := "@" + strconv.Itoa(inst.ID) + "."
		for _, instr := range b.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				names[prefix+v.Name()+"@"] = true
			}
		}
		k.blocks[key] = names
	}
	return names
}
