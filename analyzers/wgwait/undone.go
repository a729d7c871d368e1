package wgwait

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// undone reports goroutines that an Add counts and that never call Done, in a group that
// others do count down: the Wait of it blocks forever. A goroutine is counted if the go
// statements behind an Add are as many as it adds. Every Done of the package has to be in
// a goroutine that is counted in this way: one elsewhere may be for any other.
func undone(pass *check.Pass, eng *engine.Package, stuck map[token.Pos]bool) {
	prog := eng.Program()
	if prog == nil {
		return
	}
	var values map[*ssa.Function]bool
	for _, g := range eng.Fields().Groups() {
		u := &uncounted{eng: eng, prog: prog, Group: g}
		wait := u.wait(stuck)
		if wait == nil {
			continue
		}
		if u.match(); len(u.starts) == 0 {
			continue
		}
		if values == nil {
			values = valuesOf(prog)
		}
		if u.values = values; !u.accounted() || u.several() {
			continue
		}
		for _, s := range u.starts {
			if u.dones(prog.StaticCallee(s.site), make(map[*ssa.Function]bool)) == 0 {
				pass.Report(u.finding(s, wait))
			}
		}
	}
}

// An uncounted is a group with a counter that nobody may take back to zero.
type uncounted struct {
	eng  *engine.Package
	prog *ir.Program
	fields.Group
	starts []counted
	done   map[*ssa.Function]int // how many calls of Done are in a function
	values map[*ssa.Function]bool
}

// A counted is a goroutine with the Add that counts it.
type counted struct {
	add  ssa.Instruction
	site *ssa.Go
}

// wait returns the first Wait for the group, if only the package knows the group and
// counts nothing down but by Done; otherwise nil.
func (u *uncounted) wait(stuck map[token.Pos]bool) ssa.Instruction {
	if u.Leaks || u.Exported || u.Decl != nil && (u.Decl.Embedded() || u.eng.SelectedElsewhere(u.Decl.Name())) {
		return nil
	}
	u.done = make(map[*ssa.Function]int)
	var wait ssa.Instruction
	for _, use := range u.Uses {
		switch use.Call {
		case api.WGWait:
			if start, _ := u.eng.Syntax.Span(use.Instr.Pos()); stuck[start] {
				return nil
			}
			if wait == nil || use.Instr.Pos() < wait.Pos() {
				wait = use.Instr
			}
		case api.WGDone:
			u.done[use.Fn]++
		case api.WGAdd:
			if ops := counts(use.Instr); len(ops) == 1 && ops[0].Do == locks.Release {
				return nil // counts down
			}
		case api.WGGo:
		default:
			return nil
		}
	}
	if len(u.done) == 0 {
		return nil // that no goroutine calls Done, a run shows
	}
	return wait
}

// match finds the goroutines that are counted.
func (u *uncounted) match() {
	for _, use := range u.Uses {
		if use.Call != api.WGAdd {
			continue
		}
		call, ok := use.Instr.(*ssa.Call)
		if !ok {
			continue
		}
		n, ok := call.Call.Args[len(call.Call.Args)-1].(*ssa.Const)
		if !ok || n.Value == nil {
			continue
		}
		sites := u.behind(call)
		if int64(len(sites)) != n.Int64() {
			continue
		}
		for _, site := range sites {
			u.starts = append(u.starts, counted{call, site})
		}
	}
}

// behind returns the go statements in the block of an Add behind it, up to the next Add.
func (u *uncounted) behind(add *ssa.Call) []*ssa.Go {
	var sites []*ssa.Go
	for _, instr := range add.Block().Instrs[ir.Index(add)+1:] {
		switch instr := instr.(type) {
		case *ssa.Go:
			sites = append(sites, instr)
		case *ssa.Call:
			if ir.Op(&instr.Call) == api.WGAdd {
				return sites
			}
		}
	}
	return sites
}

// accounted reports whether all functions that call Done do that for a goroutine that is
// counted, and for nobody else.
func (u *uncounted) accounted() bool {
	sites := make(map[ssa.Instruction]bool)
	for _, s := range u.starts {
		if u.prog.StaticCallee(s.site) == nil {
			return false // it may call any
		}
		sites[s.site] = true
	}
	seen := make(map[*ssa.Function]bool)
	var under func(fn *ssa.Function) bool
	under = func(fn *ssa.Function) bool {
		if seen[fn] {
			return true
		}
		seen[fn] = true
		callers := u.prog.Callers(fn)
		if obj := fn.Object(); len(callers) == 0 || obj != nil && obj.Exported() || u.values[fn] {
			return false
		}
		for _, site := range callers {
			if _, isGo := site.(*ssa.Go); isGo && sites[site] {
				continue
			} else if isGo || !under(site.Parent()) {
				return false
			}
		}
		return true
	}
	for fn := range u.done {
		if !under(fn) {
			return false
		}
	}
	return true
}

// valuesOf returns the functions of a package that are mentioned other than to be called.
func valuesOf(prog *ir.Program) map[*ssa.Function]bool {
	values := make(map[*ssa.Function]bool)
	called := func(v ssa.Value, in ssa.Instruction) bool {
		call, ok := in.(ssa.CallInstruction)
		return ok && !call.Common().IsInvoke() && call.Common().Value == v && !slices.Contains(call.Common().Args, v)
	}
	var operands []*ssa.Value
	for _, in := range prog.Funcs {
		for instr := range ir.Instrs(in) {
			if mk, ok := instr.(*ssa.MakeClosure); ok {
				fn := mk.Fn.(*ssa.Function)
				if obj, ok := fn.Object().(*types.Func); ok {
					values[prog.FuncOf(obj)] = true // a method value
				}
				for _, ref := range *mk.Referrers() {
					if _, debug := ref.(*ssa.DebugRef); !debug && !called(mk, ref) {
						values[fn] = true
					}
				}
				continue
			}
			operands = instr.Operands(operands[:0])
			for _, op := range operands {
				if fn, ok := (*op).(*ssa.Function); ok && !called(fn, instr) {
					values[fn] = true
				}
			}
		}
	}
	return values
}

// several reports whether a goroutine may call Done more than once, as for another one
// that is counted.
func (u *uncounted) several() bool {
	for _, s := range u.starts {
		if u.dones(u.prog.StaticCallee(s.site), make(map[*ssa.Function]bool)) > 1 {
			return true
		}
	}
	return slices.ContainsFunc(u.Uses, func(use fields.Use) bool {
		return use.Call == api.WGDone && u.prog.Loops(use.Fn).Innermost(use.Instr.Block()) != nil
	})
}

// dones counts the calls of Done in a function and those that it calls or makes.
func (u *uncounted) dones(fn *ssa.Function, seen map[*ssa.Function]bool) int {
	if fn == nil || seen[fn] {
		return 0
	}
	seen[fn] = true
	n := u.done[fn]
	for _, lit := range fn.AnonFuncs {
		n += u.dones(lit, seen)
	}
	for instr := range ir.Instrs(fn) {
		if call, ok := instr.(ssa.CallInstruction); ok {
			n += u.dones(u.prog.StaticCallee(call), seen)
		}
	}
	return n
}

func (u *uncounted) finding(s counted, wait ssa.Instruction) report.Finding {
	step := func(pos token.Pos, message string) report.Step {
		start, end := u.eng.Syntax.Span(pos)
		return report.Step{Pos: start, End: end, Message: message}
	}
	name := "the group"
	if _, operand := u.eng.Syntax.Operation(s.add.Pos()); operand != nil {
		name = syntax.Text(operand)
	}
	start := step(s.site.Pos(), "this goroutine ends without a Done")
	return report.Finding{
		Pos: start.Pos, End: start.End, Involved: []token.Pos{u.Pos()},
		Message: fmt.Sprintf("this goroutine never calls Done on %s, which counts it at %s: the Wait at %s blocks forever",
			name, u.eng.Syntax.LineOf(s.add.Pos(), start.Pos), u.eng.Syntax.LineOf(wait.Pos(), start.Pos)),
		Story: []report.Step{
			step(s.add.Pos(), "the counter is incremented here"),
			start,
			step(wait.Pos(), "this Wait blocks forever"),
		},
	}
}
