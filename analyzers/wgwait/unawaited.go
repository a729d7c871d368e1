package wgwait

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// unawaited reports groups that count goroutines, and for which nothing in the
// package ever waits, while nobody else can.
func unawaited(pass *check.Pass, eng *engine.Package) {
	if eng.Program() == nil {
		return
	}
	for _, g := range eng.Fields().Groups() {
		u := &unwaited{eng: eng, Group: g}
		if u.errgroupwaits() || u.waits() || u.limits() || u.shared() || u.endless() {
			continue
		}
		if start := u.start(); start != nil && !u.joined(start) && !u.waitsUnseen() {
			finding := u.finding(start)
			finding.Fix = u.waitFix(pass, start)
			pass.Report(finding)
		}
	}
}

// An unwaited is a group for which perhaps nothing waits.
type unwaited struct {
	eng *engine.Package
	fields.Group
}

// first returns the first call in the source that does one of some operations to
// the group, or nil.
func (u *unwaited) first(ops ...api.Op) ssa.CallInstruction {
	var first ssa.CallInstruction
	for _, use := range u.Uses {
		call, ok := use.Instr.(ssa.CallInstruction)
		if ok && slices.Contains(ops, use.Call) && call.Pos().IsValid() && (first == nil || call.Pos() < first.Pos()) {
			first = call
		}
	}
	return first
}

func (u *unwaited) does(ops ...api.Op) bool {
	return u.Has(func(use fields.Use) bool { return slices.Contains(ops, use.Call) })
}

// start returns where a goroutine starts that the group counts, or nil: a call of Go,
// or the go statement of a goroutine that calls Done where something calls Add.
func (u *unwaited) start() ssa.CallInstruction {
	if call := u.first(api.WGGo, api.EGGo); call != nil {
		return call
	}
	if u.first(api.WGAdd) == nil {
		return nil
	}
	var start ssa.CallInstruction
	for _, use := range u.Uses {
		if use.Call != api.WGDone {
			continue
		}
		if site := u.startOf(use.Fn); site != nil && (start == nil || site.Pos() < start.Pos()) {
			start = site
		}
	}
	return start
}

// startOf returns a go statement of the goroutine that executes a function, or one of
// the functions around that in which the group is not declared, or nil.
func (u *unwaited) startOf(fn *ssa.Function) ssa.CallInstruction {
	for ; fn != nil && (u.Local == nil || fn != u.Local.Parent()); fn = fn.Parent() {
		for _, call := range u.eng.Program().Callers(fn) {
			if _, ok := call.(*ssa.Go); ok {
				return call
			}
		}
	}
	return nil
}

// joined reports whether something else than Wait may wait for a goroutine: what
// started it receives from it, waits for another group in which it is counted, or
// asks for the cause that ended the group's context. Of a group in a field it is
// enough that the goroutine could be waited for otherwise.
func (u *unwaited) joined(start ssa.CallInstruction) bool {
	if u.Local == nil {
		return u.tells(start)
	}
	root := start.Parent()
	for root.Parent() != nil {
		root = root.Parent()
	}
	m := u.eng.Partial(root)
	if m == nil {
		return true
	}
	seen := false
	for _, t := range m.Threads {
		if t.Site != start {
			continue
		}
		seen = true
		for _, op := range m.Ops() {
			if op.Call == api.CtxCause || op.Kind != model.Send && !t.Ancestor(op.Inst.Thread) && m.Joins.WaitsFor(op, t, nil) {
				return true
			}
		}
	}
	return !seen
}

// tells reports whether the function that a goroutine executes closes a channel, or
// is counted down in another group.
func (u *unwaited) tells(start ssa.CallInstruction) bool {
	fn := u.eng.Program().StaticCallee(start)
	if task := start.Common().Args; fn == nil && len(task) == 2 {
		fn = function(task[1])
	}
	if fn == nil {
		return false
	}
	for _, f := range append([]*ssa.Function{fn}, fn.AnonFuncs...) {
		for instr := range ir.Instrs(f) {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if ir.IsBuiltin(call.Common(), "close") {
				return true
			}
			if ir.Op(call.Common()) == api.WGDone && !u.Has(func(use fields.Use) bool { return use.Instr == instr }) {
				return true
			}
		}
	}
	return false
}

// function returns the function that a value is, or nil where that is not known.
func function(v ssa.Value) *ssa.Function {
	if mk, ok := v.(*ssa.MakeClosure); ok {
		v = mk.Fn
	}
	fn, _ := v.(*ssa.Function)
	return fn
}

// errgroupwaits reports whether the group is an errgroup.Group of one function, which
// analyzer errgroupwait follows over all of the function's paths.
func (u *unwaited) errgroupwaits() bool {
	return u.Local != nil && u.does(api.EGGo, api.EGTryGo)
}

func (u *unwaited) waits() bool { return u.does(api.WGWait, api.EGWait) }

// limits reports whether an errgroup.Group is there to limit how many goroutines
// there are, which it does without Wait too: there are no errors to be had.
func (u *unwaited) limits() bool {
	return u.does(api.EGSetLimit, api.EGTryGo) && !u.Has(func(use fields.Use) bool {
		call, ok := use.Instr.(ssa.CallInstruction)
		return ok && (use.Call == api.EGGo || use.Call == api.EGTryGo) && mayFail(call.Common().Args[1])
	})
}

// mayFail reports whether a function may return another error than nil.
func mayFail(f ssa.Value) bool {
	fn := function(f)
	if fn == nil || len(fn.Blocks) == 0 {
		return true
	}
	for instr := range ir.Instrs(fn) {
		if ret, ok := instr.(*ssa.Return); ok {
			if c, ok := ret.Results[0].(*ssa.Const); !ok || !c.IsNil() {
				return true
			}
		}
	}
	return false
}

// shared reports whether code that cannot be seen may wait.
func (u *unwaited) shared() bool {
	if u.Leaks {
		return true
	}
	if u.Decl == nil {
		return false
	}
	if u.Decl.Embedded() {
		return promotes(u.eng, u.Decl) || u.eng.SelectedElsewhere("Wait")
	}
	return u.Exported || u.eng.SelectedElsewhere(u.Decl.Name()) || !u.Decl.IsField() && u.eng.SelectedElsewhere("Wait")
}

// endless reports whether the group is local to a function that never returns: it
// outlives the goroutines.
func (u *unwaited) endless() bool {
	return u.Local != nil && !u.eng.Program().CanReturn(u.Local.Parent())
}

// waitsUnseen reports whether the source has a call of Wait on a variable or field
// of the group's that no path reaches, so that there is none in SSA form.
func (u *unwaited) waitsUnseen() bool {
	named := make(map[types.Object]bool)
	for _, use := range u.Uses {
		if _, operand := u.eng.Syntax.Operation(use.Instr.Pos()); operand != nil {
			named[u.eng.Object(operand)] = true
		}
	}
	delete(named, nil)
	for _, file := range u.eng.Syntax.Files {
		for n := range ast.Preorder(file) {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Wait" && named[u.eng.Object(sel.X)] {
				return true
			}
		}
	}
	return false
}

// finding puts it into words.
func (u *unwaited) finding(start ssa.CallInstruction) report.Finding {
	counted := start
	if _, ok := start.(*ssa.Go); ok {
		counted = u.first(api.WGAdd)
	}
	name := "the group"
	if _, operand := u.eng.Syntax.Operation(counted.Pos()); operand != nil {
		name = syntax.Text(operand)
	}
	f := report.Finding{Story: []report.Step{{Pos: u.Pos(), Message: "the group is declared here"}}}
	f.Involved = []token.Pos{u.Pos()}
	for _, use := range u.Uses {
		from, _ := u.eng.Syntax.Span(use.Instr.Pos())
		f.Involved = append(f.Involved, from, use.Instr.Pos())
	}
	tell := func(call ssa.CallInstruction, message string) {
		from, to := u.eng.Syntax.Span(call.Pos())
		f.Story = append(f.Story, report.Step{Pos: from, End: to, Message: message})
	}
	f.Pos, f.End = u.eng.Syntax.Span(start.Pos())
	if u.does(api.EGGo) {
		f.Message = name + ".Wait is never called: nothing waits for this goroutine, and its error is lost"
		f.Pattern = "group"
	} else {
		f.Message = name + ".Wait is never called: nothing waits for this goroutine, though it is counted"
	}
	if counted != start {
		tell(counted, "the goroutine is counted here")
	}
	tell(start, "it starts here")
	return f
}
