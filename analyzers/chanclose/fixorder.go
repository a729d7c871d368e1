package chanclose

import (
	"go/ast"
	"strings"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// orderFix offers to close at the right time what is closed at a wrong one: by
// the only sender, or by a goroutine that waits for all senders.
func (s *subject) orderFix() *report.Fix {
	if len(s.closes) != 1 || len(s.drains) == 0 || !s.fixable() {
		return nil
	}
	l := s.makersList()
	if l == nil {
		return nil
	}
	o := reorder{makersList: l, k: s.closes[0], d: s.drains[0]}
	if !o.findClose() {
		return nil
	}
	if t := s.onlySender(); t != nil {
		return o.bySender(t)
	}
	senders, last, ok := l.senders()
	if !ok || len(senders) == 0 {
		return nil
	}
	if o.g = l.group(senders); o.g == nil || o.g.counts(o.d.op.Inst.Thread) || s.needsEnd(o.d, func(op *model.Op) bool { return o.g.counts(op.Inst.Thread) }) {
		return nil
	}
	o.last = max(last, o.g.last)
	switch k := o.k; {
	case k.Inst == l.maker:
		return o.intoGoroutine()
	case k.Inst.Thread.Inst == l.maker && !l.m.Shared(k.Inst.Thread, l.c.Obj):
		return o.inCloser()
	case o.g.counts(k.Inst.Thread):
		return o.outOfWorkers()
	}
	return nil
}

// A reorder is what is known when a close is put elsewhere.
type reorder struct {
	*makersList
	d    drain
	k    *model.Op  // the only close
	list []ast.Stmt // in which it stands,
	i    int        // and where
	g    *group     // that counts the senders
	last int        // the statement of the maker's list after which none is started
}

// findClose finds the statement that closes the channel, which must be nothing
// but that and have no comment of its own.
func (o *reorder) findClose() bool {
	o.list, o.i = o.listAround(o.k.Pos())
	return o.i >= 0 && o.isCall(o.list[o.i], o.k) && !o.commented(o.list[o.i])
}

// message is that of most of these fixes.
func (o *reorder) message() string { return "Close " + o.v.Name() + " when the last worker is done" }

// bySender moves the close into the goroutine that alone sends.
func (o *reorder) bySender(t *model.Thread) *report.Fix {
	lit := o.literal(t)
	if lit == nil || o.k.Inst != o.maker || len(o.list) < 2 {
		return nil
	}
	v := o.variableIn(t, lit.Body.Lbrace+1)
	if v == nil || o.needsEnd(o.d, func(op *model.Op) bool { return op.Inst.Thread == t }) {
		return nil
	}
	e := o.pass.Edit(lit.Pos())
	e.InsertFirst(lit.Body, "defer close("+v.Name()+")")
	e.Delete(o.list[o.i])
	return e.Fix("Close " + v.Name() + " when its only sender is done")
}

// intoGoroutine moves the close that the maker executes itself, with a Wait
// beside it, into a goroutine that is started before the drain.
func (o *reorder) intoGoroutine() *report.Fix {
	if &o.list[0] != &o.stmts[0] {
		return nil
	}
	if o.d.op.Inst.Thread != o.maker.Thread {
		return o.waitHere()
	}
	from, at := o.i, o.drainAt(o.d)
	if o.i > 0 && !o.k.Deferred() && o.isWait(o.list[o.i-1]) {
		from--
	}
	early := !o.k.Deferred() && from < at
	into := at // where the goroutine is started
	if early {
		into = from
	}
	if o.waitsElsewhere(from, at) || !o.namesMean(into-1, o.g) {
		return nil
	}
	e := o.pass.Edit(o.list[o.i].Pos())
	if !early {
		if o.last >= at {
			return nil
		}
		e.InsertBefore(o.stmts[at], o.waitAndClose(o.g))
		for _, stmt := range o.list[from : o.i+1] {
			e.Delete(stmt)
		}
		return e.Fix(o.message())
	}
	if o.last >= from || !o.quiet(o.i+1, at) {
		return nil
	}
	o.wrap(e, from)
	return e.Fix(o.message())
}

// wrap puts the close, and the Wait above it if from is its index, into a
// goroutine. The lines stay, so that their comments do.
func (o *reorder) wrap(e *report.Editor, from int) {
	first, last := o.list[from], o.list[o.i]
	newline := "\n" + strings.Repeat("\t", o.eng.Fset.Position(first.Pos()).Column)
	if from == o.i {
		e.Insert(first.Pos(), "go func() {"+newline+o.g.v.Name()+".Wait()"+newline)
	} else {
		e.Insert(first.Pos(), "go func() {"+newline)
		e.Insert(last.Pos(), "\t")
	}
	e.InsertAfter(last, "}()")
}

// waitHere puts a Wait above the close that the maker executes itself, where
// others receive.
func (o *reorder) waitHere() *report.Fix {
	for _, r := range o.receives {
		if r.Inst.Thread == o.maker.Thread {
			return nil
		}
	}
	if o.k.Deferred() || o.last >= o.i || !o.visible(o.g.v, o.list[o.i].Pos()) || o.waitsElsewhere(-2, o.i) {
		return nil
	}
	e := o.pass.Edit(o.list[o.i].Pos())
	e.InsertBefore(o.list[o.i], o.g.v.Name()+".Wait()")
	return e.Fix("Wait for the senders before the close of " + o.v.Name())
}

// isWait reports whether a statement is a Wait for the group.
func (o *reorder) isWait(stmt ast.Stmt) bool {
	for _, op := range o.m.OpsOn(o.g.loc) {
		if op.Call == api.WGWait && op.Inst == o.maker && o.isCall(stmt, op) && !op.Deferred() {
			return true
		}
	}
	return false
}

// waitsElsewhere reports whether the maker waits for the group before the
// drain other than in the statement at index from.
func (o *reorder) waitsElsewhere(from, at int) bool {
	for _, op := range o.m.OpsOn(o.g.loc) {
		if op.Call != api.WGWait || op.Deferred() && op.Inst == o.maker {
			continue
		}
		if i := o.index(op.Inst, op.Instr); i != from && i < at {
			return true
		}
	}
	return false
}

// quiet reports whether the statements between two of the list, the drain at
// the end excluded, do nothing for which it matters whether the senders are
// done: print a text, or return a variable.
func (o *reorder) quiet(from, to int) bool {
	for _, stmt := range o.stmts[from:to] {
		switch stmt := stmt.(type) {
		case *ast.ReturnStmt:
			for _, r := range stmt.Results {
				if id, ok := r.(*ast.Ident); !ok || o.eng.Info.Uses[id] != o.v {
					return false
				}
			}
		case *ast.ExprStmt:
			call, ok := stmt.X.(*ast.CallExpr)
			if !ok {
				return false
			}
			for _, arg := range call.Args {
				if o.eng.Info.Types[arg].Value == nil {
					return false
				}
			}
			if _, ok := call.Fun.(*ast.SelectorExpr); !ok {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// inCloser repairs the goroutine that closes: started too late, or without a
// Wait above the close.
func (o *reorder) inCloser() *report.Fix {
	t, at := o.k.Inst.Thread, o.drainAt(o.d)
	lit := o.literal(t)
	started := o.index(t.Inst, t.Site)
	if lit == nil || o.k.Inst != t.Root || o.k.Deferred() || o.g.counts(t) || started <= o.last {
		return nil
	}
	if &o.list[0] != &lit.Body.List[0] || !o.visible(o.g.v, o.list[o.i].Pos()) {
		return nil
	}
	e := o.pass.Edit(lit.Pos())
	waits := func(i int) bool { return 0 <= i && i < len(o.list) && o.isWaitIn(t, o.list[i]) }
	switch {
	case started > at:
		if len(o.list) != 2 || !waits(0) || o.waitsElsewhere(started, at) {
			return nil
		}
		e.MoveBefore(o.stmts[started], o.stmts[at])
		return e.Fix("Start the goroutine that closes " + o.v.Name() + " before the range")
	case waits(o.i + 1):
		e.MoveAfter(o.list[o.i], o.list[o.i+1])
	case o.waitsElsewhere(started, at):
		return nil
	default:
		e.InsertBefore(o.list[o.i], o.g.v.Name()+".Wait()")
	}
	return e.Fix("Wait for the senders before the close of " + o.v.Name())
}

// isWaitIn is like isWait, for a Wait in the goroutine t.
func (o *reorder) isWaitIn(t *model.Thread, stmt ast.Stmt) bool {
	for _, op := range o.m.OpsOn(o.g.loc) {
		if op.Call == api.WGWait && op.Inst == t.Root && o.isCall(stmt, op) && !op.Deferred() {
			return true
		}
	}
	return false
}

// outOfWorkers moves the close from each of the workers to a goroutine that
// waits for them.
func (o *reorder) outOfWorkers() *report.Fix {
	body := o.ownBody(o.k.Inst.Thread)
	at := o.drainAt(o.d)
	if body == nil || o.k.Inst != o.k.Inst.Thread.Root || len(o.list) < 2 || &o.list[0] != &body.List[0] {
		return nil
	}
	if o.last >= at || o.waitsAfter(o.k) || o.waitsElsewhere(-2, at) || !o.namesMean(min(at, len(o.stmts))-1, o.g) {
		return nil
	}
	e := o.pass.Edit(o.stmts[o.last].Pos())
	e.Delete(o.list[o.i])
	if at < len(o.stmts) {
		e.InsertBefore(o.stmts[at], o.waitAndClose(o.g))
	} else {
		e.InsertAfter(o.stmts[o.last], o.waitAndClose(o.g))
	}
	return e.Fix(o.message())
}
