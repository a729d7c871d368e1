package errgroupctx

import (
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file finds out which assignments a read of a variable may see. A
// variable that a closure captures is memory in SSA form, and the name ctx
// often stands for two contexts in turn, so this decides every second report.

// A cell is a variable in memory, as an instance refers to it.
type cell struct {
	inst  *model.Instance
	addr  ssa.Value // an Alloc, or a FreeVar that stands for outer's
	outer *cell     // in inst.Env
}

// declaration returns the instruction that declares the variable in the cell's
// function, or nil.
func (c *cell) declaration() ssa.Instruction {
	if a, ok := c.addr.(*ssa.Alloc); ok {
		return a
	}
	return nil
}

// A definition is an assignment to a variable.
type definition struct {
	inst  *model.Instance
	instr *ssa.Store
}

// variable returns the local variable that an address is of, or nil.
func variable(inst *model.Instance, addr ssa.Value) *cell {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return &cell{inst: inst, addr: addr}
	case *ssa.FreeVar:
		binding := bound(inst, addr)
		if binding == nil {
			return nil
		}
		if outer := variable(inst.Env, binding); outer != nil {
			return &cell{inst: inst, addr: addr, outer: outer}
		}
	}
	return nil
}

// definitions returns the assignments that a read of a variable may see, and
// whether these are all.
func (t *tracer) definitions(c *cell, read ssa.Instruction) (defs []definition, ok bool) {
	owner := c
	for owner.outer != nil {
		owner = owner.outer
	}
	inner, ok := assignedIn(owner.addr)
	if !ok {
		return nil, false // its address goes elsewhere
	}
	reads := []ssa.Instruction{read}
	for {
		var fromEntry bool
		for _, at := range reads {
			d, entry := t.reaching(c, at)
			defs = append(defs, d...)
			fromEntry = fromEntry || entry
		}
		if !fromEntry {
			// What inner functions assign is no concern for a read that sees
			// an assignment of its own closure.
			return defs, !inner || c != owner
		}
		if inner || c.outer == nil {
			return nil, false // a closure assigns it, at some time
		}
		if reads = t.entries(c); reads == nil {
			return nil, false
		}
		c = c.outer
	}
}

// assignedIn reports whether functions other than the one that declares a
// variable assign to it; ok is false if its address is used in other ways than
// to read, assign and capture.
func assignedIn(addr ssa.Value) (inner, ok bool) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val == addr {
				return false, false
			}
			_, isFree := addr.(*ssa.FreeVar)
			inner = inner || isFree
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b != addr {
					continue
				}
				deeper, ok := assignedIn(fn.FreeVars[i])
				if !ok {
					return false, false
				}
				inner = inner || deeper
			}
		default:
			return false, false
		}
	}
	return inner, true
}

// reaching returns the assignments in the cell's function that reach an
// instruction of it, and whether the function's entry reaches it without one.
func (t *tracer) reaching(c *cell, at ssa.Instruction) (defs []definition, entry bool) {
	type position struct {
		block *ssa.BasicBlock
		since bool
	}
	since := t.since[c.inst]
	if since != nil && since != at && !ir.Reaches(since, at) {
		since = nil // read before that
	}
	seen := make(map[position]bool)
	var back func(b *ssa.BasicBlock, from int, since ssa.Instruction)
	back = func(b *ssa.BasicBlock, from int, since ssa.Instruction) {
		for i := from; i >= 0; i-- {
			switch instr := b.Instrs[i]; {
			case instr == since:
				since = nil // before it, all paths count
			case instr == c.declaration():
				return // the zero value
			default:
				if st, ok := instr.(*ssa.Store); ok && st.Addr == c.addr {
					defs = append(defs, definition{c.inst, st})
					return
				}
			}
		}
		entry = entry || len(b.Preds) == 0 && since == nil
		for _, p := range b.Preds {
			if k := (position{p, since != nil}); !seen[k] && (since == nil || leads(since, p)) {
				seen[k] = true
				back(p, len(p.Instrs)-1, since)
			}
		}
	}
	back(at.Block(), ir.Index(at)-1, since)
	return defs, entry
}

// entries returns the instructions of the function around a closure at which
// the closure sees the variable: where it is called from there or, if it is
// deferred, where that function returns. For a closure that runs at an unknown
// time it is where it is made or started, and nothing if the variable may be
// assigned afterwards.
func (t *tracer) entries(c *cell) []ssa.Instruction {
	site, async := entrySite(c.inst)
	if site == nil {
		return nil
	}
	switch _, deferred := site.(*ssa.Defer); {
	case deferred:
		return exits(site, t.since[c.outer.inst])
	case async && assignedAfter(c.outer, site):
		return nil
	}
	return []ssa.Instruction{site}
}

// entrySite returns the instruction of inst.Env's function through which
// control, or a new goroutine, gets into inst; async tells that it may run on
// beyond that.
func entrySite(inst *model.Instance) (site ssa.Instruction, async bool) {
	for a := inst; a.Parent != nil && a.Site != nil; a = a.Parent {
		if a.Parent == inst.Env {
			return a.Site, inst.Thread != inst.Env.Thread
		}
	}
	if mc := inst.Closure(); mc != nil {
		return mc, true
	}
	return nil, true
}

// exits returns the places after a defer statement where the deferred calls
// run; with since, those that can be reached from there.
func exits(site, since ssa.Instruction) []ssa.Instruction {
	var all, later []ssa.Instruction
	for _, b := range site.Parent().Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.RunDefers); !ok || !ir.Reaches(site, instr) {
				continue
			}
			all = append(all, instr)
			if since != nil && ir.Reaches(since, instr) {
				later = append(later, instr)
			}
		}
	}
	if len(later) > 0 {
		return later
	}
	return all
}

// assignedAfter reports whether the same variable may be assigned after an
// instruction. A variable declared in a loop is a new one in each turn.
func assignedAfter(c *cell, at ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var forward func(b *ssa.BasicBlock, from int) bool
	forward = func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			if instr == c.declaration() {
				return false
			}
			if st, ok := instr.(*ssa.Store); ok && st.Addr == c.addr {
				return true
			}
		}
		for _, next := range b.Succs {
			if !seen[next] {
				seen[next] = true
				if forward(next, 0) {
					return true
				}
			}
		}
		return false
	}
	return forward(at.Block(), ir.Index(at)+1)
}
