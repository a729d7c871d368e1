package chanclose

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// A makersList is the list of statements in which the channel is made, and
// into which a close can be put.
type makersList struct {
	*subject
	maker  *model.Instance // of the function
	v      *types.Var      // the channel
	stmts  []ast.Stmt
	made   int  // the statement that makes it
	isBody bool // of the function, not of a block in it
}

func (s *subject) makersList() *makersList {
	v := s.variable()
	list, i := s.listAround(s.c.Obj.Pos())
	if v == nil || i < 0 || !s.canClose(v, list[i].End()) {
		return nil
	}
	l := &makersList{subject: s, maker: s.c.Obj.Inst, v: v, stmts: list, made: i}
	var body *ast.BlockStmt
	switch fn := l.maker.Fn.Syntax().(type) {
	case *ast.FuncDecl:
		body = fn.Body
	case *ast.FuncLit:
		body = fn.Body
	default:
		return nil
	}
	l.isBody = len(body.List) > 0 && body.List[0] == list[0]
	return l
}

// index returns the statement of the list in which the maker, or a function
// that it calls or starts, executes an instruction; -1 if it is none of them
// or is deferred.
func (l *makersList) index(inst *model.Instance, instr ssa.Instruction) int {
	for {
		if _, ok := instr.(*ssa.Defer); ok {
			return -1
		}
		if inst == l.maker {
			return indexOf(l.stmts, instr.Pos())
		}
		if inst.Parent == nil || inst.Site == nil {
			if t := inst.Thread; inst == t.Root && t.Inst != nil {
				inst, instr = t.Inst, t.Site
				continue
			}
			return -1
		}
		inst, instr = inst.Parent, inst.Site
	}
}

// own reports whether an operation belongs to the thread of the maker.
func (l *makersList) own(op *model.Op) bool { return op.Inst.Thread == l.maker.Thread }

// closeFix offers a close after the last send of the maker itself and after
// its Wait for the other senders, or else a goroutine that waits and closes.
func (l *makersList) closeFix(d drain) *report.Fix {
	senders, last, ok := l.senders()
	if !ok {
		return nil
	}
	if len(senders) == 0 {
		return l.closeAfter(d, last, nil, "Close "+l.v.Name()+" after the last send")
	}
	g := l.group(senders)
	if g == nil || g.counts(d.op.Inst.Thread) {
		return nil // the Wait would wait for the end of the drain
	}
	if wait := l.wait(g, d); wait > last {
		return l.closeAfter(d, wait, g, "Close "+l.v.Name()+" when the last worker is done")
	}
	return l.closer(d, g, last)
}

// senders returns the goroutines that send, and the last statement of the list
// in which the maker's own does so itself.
func (l *makersList) senders() (threads []*model.Thread, last int, ok bool) {
	last = l.made
	for _, send := range l.sends {
		switch t := send.Inst.Thread; {
		case l.own(send):
			i := l.index(send.Inst, send.Instr)
			if i < 0 {
				return nil, 0, false
			}
			last = max(last, i)
		case t.Kind != model.Spawned:
			return nil, 0, false
		case !slices.Contains(threads, t):
			threads = append(threads, t)
		}
	}
	return threads, last, true
}

// closeAfter offers a plain close behind a statement of the list.
func (l *makersList) closeAfter(d drain, i int, g *group, message string) *report.Fix {
	from := l.made
	if t := d.op.Inst.Thread; t == l.maker.Thread {
		if at := l.index(d.op.Inst, d.op.Instr); at >= 0 && at <= i {
			return nil
		}
		from = i + 1 // who leaves before does not come to the drain
	} else if at := l.index(d.op.Inst, d.op.Instr); at >= 0 {
		from = at
	}
	for j := from; j <= i; j++ {
		if leaves(l.stmts[j]) {
			return nil
		}
	}
	before := func(op *model.Op) bool {
		if g.counts(op.Inst.Thread) {
			return true
		}
		at := l.index(op.Inst, op.Instr)
		return l.own(op) && 0 <= at && at <= i
	}
	if l.needsEnd(d, before) {
		return nil
	}
	if !l.namesMean(i, g) {
		return nil
	}
	e := l.pass.Edit(l.stmts[i].Pos())
	e.InsertAfter(l.stmts[i], "close("+l.v.Name()+")")
	return e.Fix(message)
}

// leaves reports whether control may leave a statement other than at its end.
func leaves(stmt ast.Stmt) bool {
	found := false
	var loops []ast.Node // those in stmt that enclose the current node
	var stack []ast.Node
	ast.Inspect(stmt, func(n ast.Node) bool {
		if n == nil {
			if top := stack[len(stack)-1]; len(loops) > 0 && loops[len(loops)-1] == top {
				loops = loops[:len(loops)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			// A label may stand anywhere; a break of a switch or select stays.
			found = found || n.Label != nil || n.Tok == token.GOTO || n.Tok != token.FALLTHROUGH && len(loops) == 0
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			loops = append(loops, n)
		}
		stack = append(stack, n)
		return true
	})
	return found
}

// A group is a WaitGroup that counts all goroutines that send.
type group struct {
	loc   model.Loc
	v     *types.Var
	tasks []*model.Thread // all that it counts
	last  int             // the statement of the list with the last Add or start
}

func (g *group) counts(t *model.Thread) bool { return g != nil && slices.Contains(g.tasks, t) }

// group returns the WaitGroup of the maker that counts the senders until they
// have sent, or nil.
func (l *makersList) group(senders []*model.Thread) *group {
	var g *group
	for _, t := range senders {
		loc, ok := l.countedIn(t)
		if !ok || g != nil && g.loc != loc {
			return nil
		}
		if g == nil {
			g = &group{loc: loc}
		}
		i := l.index(t.Inst, t.Site)
		if i < 0 || t.Inst.Thread != l.maker.Thread {
			return nil
		}
		g.last = max(g.last, i)
	}
	if g.loc.Obj.Kind != model.Memory || g.loc.Path != "" || g.loc.Escaped() || g.loc.Obj.Inst != l.maker {
		return nil
	}
	for _, op := range l.m.OpsOn(g.loc) {
		if !op.Only(g.loc) {
			return nil
		}
		switch op.Call {
		case api.WGAdd, api.WGGo:
			i := l.index(op.Inst, op.Instr)
			if i < 0 || !l.own(op) {
				return nil
			}
			g.last = max(g.last, i)
		}
		if v := l.operand(op); v != nil {
			g.v = v
		}
	}
	for _, t := range l.m.Threads {
		if loc, ok := l.countedIn(t); ok && loc == g.loc {
			g.tasks = append(g.tasks, t)
		}
	}
	if g.v == nil || !l.counted(g, senders) {
		return nil
	}
	return g
}

// counted reports whether an Add precedes the start of each of the senders.
func (l *makersList) counted(g *group, senders []*model.Thread) bool {
	for _, t := range senders {
		ok := l.m.Joins.Task(t) != nil
		for _, op := range l.m.OpsOn(g.loc) {
			if op.Call == api.WGAdd {
				same := op.Inst == t.Inst && ir.Dominates(op.Instr, t.Site)
				ok = ok || same || l.index(op.Inst, op.Instr) < l.index(t.Inst, t.Site)
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// operand returns the variable to which the maker applies an operation, if it
// is a WaitGroup's, or a pointer to one, that keeps its value.
func (l *makersList) operand(op *model.Op) *types.Var {
	if op.Inst != l.maker {
		return nil
	}
	_, e := l.eng.Syntax.Operation(op.Pos())
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	if v, ok := l.eng.Info.Uses[id].(*types.Var); ok && !v.IsField() && l.constant(v) {
		return v
	}
	return nil
}

// countedIn returns the WaitGroup in which a thread is counted until it has
// sent its last value.
func (l *makersList) countedIn(t *model.Thread) (model.Loc, bool) {
	if task := l.m.Joins.Task(t); task != nil {
		if task.Call != api.WGGo || len(task.On) != 1 {
			return model.Loc{}, false
		}
		return task.On[0], true
	}
	for _, op := range l.m.Ops() {
		if op.Inst.Thread != t || op.Call != api.WGDone || len(op.On) != 1 {
			continue
		}
		for _, send := range l.sends {
			if send.Inst.Thread == t && !op.Deferred() && (l.m.Joins.After(t, op, send) || !l.m.Joins.After(t, send, op)) {
				return model.Loc{}, false
			}
		}
		return op.On[0], true
	}
	return model.Loc{}, false
}

// wait returns the statement of the list that waits for the group after all
// its goroutines have been started, and not after the drain, or -1.
func (l *makersList) wait(g *group, d drain) int {
	end := l.drainAt(d)
	for _, op := range l.m.OpsOn(g.loc) {
		if op.Call != api.WGWait || op.Inst != l.maker {
			continue
		}
		i := l.index(op.Inst, op.Instr)
		if i > g.last && i < end && l.isCall(l.stmts[i], op) {
			return i
		}
	}
	return -1
}

// closer offers a goroutine that waits for the group and closes the channel:
// before the drain, or else behind the last start.
func (l *makersList) closer(d drain, g *group, last int) *report.Fix {
	i, at := max(last, g.last), l.drainAt(d)
	if i >= at || !l.namesMean(min(at, len(l.stmts))-1, g) {
		return nil
	}
	for _, op := range l.m.OpsOn(g.loc) {
		if op.Call == api.WGWait && !(op.Deferred() && op.Inst == l.maker) {
			if j := l.index(op.Inst, op.Instr); j < at {
				return l.closeBehind(d, g, op, i)
			}
		}
	}
	if l.needsEnd(d, func(op *model.Op) bool { return g.counts(op.Inst.Thread) }) {
		return nil
	}
	e := l.pass.Edit(l.stmts[i].Pos())
	if at < len(l.stmts) {
		e.InsertBefore(l.stmts[at], l.waitAndClose(g))
	} else {
		e.InsertAfter(l.stmts[i], l.waitAndClose(g))
	}
	return e.Fix("Close " + l.v.Name() + " when the last worker is done")
}

// namesMean reports whether the channel, the group if there is one, and close
// are what their names denote behind a statement of the list.
func (l *makersList) namesMean(i int, g *group) bool {
	pos := l.stmts[i].End()
	return l.canClose(l.v, pos) && (g == nil || l.visible(g.v, pos))
}

// waitAndClose returns the text of the goroutine that waits for the group and
// closes the channel.
func (l *makersList) waitAndClose(g *group) string {
	return "go func() {\n\t" + g.v.Name() + ".Wait()\n\tclose(" + l.v.Name() + ")\n}()"
}

// drainAt returns the statement of the list with the drain; one beyond the last
// for a drain in another goroutine, or in a caller that the maker returns to.
func (l *makersList) drainAt(d drain) int {
	if d.op.Inst.Thread == l.maker.Thread {
		if at := l.index(d.op.Inst, d.op.Instr); at >= 0 {
			return at
		}
	}
	return len(l.stmts)
}

// closeBehind offers the close behind the Wait of a goroutine that is started
// after the last worker.
func (l *makersList) closeBehind(d drain, g *group, wait *model.Op, last int) *report.Fix {
	t := wait.Inst.Thread
	lit := l.literal(t)
	if lit == nil || wait.Inst != t.Root || t.Inst != l.maker || l.index(t.Inst, t.Site) <= last || l.m.Shared(t, l.c.Obj) {
		return nil
	}
	i := indexOf(lit.Body.List, wait.Instr.Pos())
	if i < 0 || !l.isCall(lit.Body.List[i], wait) || wait.Deferred() || !l.canClose(l.v, lit.Body.List[i].Pos()) {
		return nil
	}
	for _, stmt := range lit.Body.List[:i] {
		if leaves(stmt) {
			return nil
		}
	}
	if l.needsEnd(d, func(op *model.Op) bool { return op == wait || g.counts(op.Inst.Thread) }) {
		return nil
	}
	e := l.pass.Edit(lit.Pos())
	e.InsertAfter(lit.Body.List[i], "close("+l.v.Name()+")")
	return e.Fix("Close " + l.v.Name() + " when the last worker is done")
}
