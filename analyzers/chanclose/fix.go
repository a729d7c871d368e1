package chanclose

import (
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// A fix is offered only where three things are certain: the name used for the
// channel means it and nothing else, nobody sends after the new close, and
// what comes before the close does not itself wait for the drain to end.

// closeFix offers the close that is missing altogether.
func (s *subject) closeFix(d drain) *report.Fix {
	if len(s.closes) > 0 || !s.fixable() {
		return nil
	}
	if t := s.onlySender(); t != nil && t.Kind == model.Spawned {
		if lit := s.literal(t); lit != nil {
			return s.deferIn(t, d, lit.Body)
		}
	}
	if l := s.makersList(); l != nil {
		return l.closeFix(d)
	}
	return nil
}

// fixable reports whether all that is done to the channel is certain, and done
// in every use of the function that makes it.
func (s *subject) fixable() bool {
	for _, op := range slices.Concat(s.sends, s.closes) {
		if !op.Only(s.c) {
			return false
		}
	}
	return len(s.signals) == 0 && len(s.sends) > 0 && s.confined()
}

// confined reports whether the other callers of the function that makes the
// channel, if this model's root is not that function itself, can only receive
// from it.
func (s *subject) confined() bool {
	maker := s.c.Obj.Inst
	if maker == nil {
		return false
	}
	fn := maker.Fn
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn == s.m.Root.Fn {
		return true
	}
	m := s.eng.Model(fn)
	if m == nil {
		return false
	}
	found := false
	for _, c := range channels(m) {
		if c.Obj.Site != s.c.Obj.Site {
			continue
		}
		found = true
		for _, e := range c.Obj.Escapes {
			if !e.RecvOnly {
				return false
			}
		}
	}
	return found
}

// onlySender returns the thread that sends all values, if that is one that is
// started once for the channel.
func (s *subject) onlySender() *model.Thread {
	t := s.sends[0].Inst.Thread
	if !sameThread(s.sends) || t.Kind == model.Callback {
		return nil
	}
	if t.Kind == model.Spawned && s.m.Shared(t, s.c.Obj) {
		return nil
	}
	return t
}

// literal returns the function literal that a thread executes, if it stands in
// the statement that starts the thread and so serves nothing else.
func (s *subject) literal(t *model.Thread) *ast.FuncLit {
	lit, ok := t.Root.Fn.Syntax().(*ast.FuncLit)
	if !ok || t.Kind != model.Spawned || t.Site == nil {
		return nil
	}
	switch op, _ := s.eng.Syntax.Operation(t.Site.Pos()); op := op.(type) {
	case *ast.GoStmt:
		if ast.Unparen(op.Call.Fun) == ast.Expr(lit) {
			return lit
		}
	case *ast.CallExpr:
		if len(op.Args) == 1 && ast.Unparen(op.Args[0]) == ast.Expr(lit) {
			return lit
		}
	}
	return nil
}

// deferIn offers a deferred close in the goroutine that alone sends.
func (s *subject) deferIn(t *model.Thread, d drain, body *ast.BlockStmt) *report.Fix {
	v := s.variableIn(t, body.Lbrace+1)
	if v == nil || s.needsEnd(d, func(op *model.Op) bool { return op.Inst.Thread == t }) {
		return nil
	}
	e := s.pass.Edit(body.Pos())
	e.InsertFirst(body, "defer close("+v.Name()+")")
	return e.Fix("Close " + v.Name() + " when its only sender is done")
}

// variable returns the variable that the channel is assigned to where it is
// made, if that is the only value it ever has.
func (s *subject) variable() *types.Var {
	path := s.eng.Syntax.Path(s.c.Obj.Pos())
	for i, n := range path {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Lparen != s.c.Obj.Pos() || i+1 == len(path) {
			continue
		}
		var names []*ast.Ident
		var values []ast.Expr
		switch p := path[i+1].(type) {
		case *ast.AssignStmt:
			values = p.Rhs
			for _, l := range p.Lhs {
				id, _ := l.(*ast.Ident)
				names = append(names, id)
			}
		case *ast.ValueSpec:
			names, values = p.Names, p.Values
		}
		i := slices.Index(values, ast.Expr(call))
		if i < 0 || len(names) != len(values) || names[i] == nil {
			return nil
		}
		if v, ok := s.eng.Info.Defs[names[i]].(*types.Var); ok && s.constant(v) {
			return v
		}
		return nil
	}
	return nil
}

// constant reports whether a variable keeps the value that its declaration
// gives it.
func (s *subject) constant(v *types.Var) bool {
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && s.eng.Info.Uses[id] == v
	}
	file := s.eng.Syntax.File(v.Pos())
	if file == nil {
		return false
	}
	changed := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			changed = changed || slices.ContainsFunc(n.Lhs, is)
		case *ast.RangeStmt:
			changed = changed || is(n.Key) || is(n.Value)
		case *ast.UnaryExpr:
			_, isChan := v.Type().Underlying().(*types.Chan)
			changed = changed || n.Op == token.AND && isChan && is(n.X)
		}
		return !changed
	})
	return !changed
}

// variableIn returns the variable by which thread t can close the channel at
// pos, near the begin of its root function, or nil.
func (s *subject) variableIn(t *model.Thread, pos token.Pos) *types.Var {
	if v := s.variable(); v != nil && s.canClose(v, pos) {
		return v
	}
	for _, p := range t.Root.Fn.Params {
		v, ok := p.Object().(*types.Var)
		if !ok || !s.constant(v) || !s.canClose(v, pos) {
			continue
		}
		if pts := s.m.PointsTo(t.Root, p); len(pts) == 1 && pts[0] == s.c {
			return v
		}
	}
	return nil
}

// canClose reports whether close(v) at pos means what it says.
func (s *subject) canClose(v *types.Var, pos token.Pos) bool {
	ch, ok := v.Type().Underlying().(*types.Chan)
	return ok && ch.Dir() != types.RecvOnly && s.visible(v, pos) && s.visible(types.Universe.Lookup("close"), pos)
}

// visible reports whether an object's name denotes it at pos.
func (s *subject) visible(obj types.Object, pos token.Pos) bool {
	scope := s.eng.Types.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, found := scope.LookupParent(obj.Name(), pos)
	return found == obj
}

// deferFix offers a deferred close in the goroutine that forgets it on a path.
func (s *subject) deferFix(d drain, t *model.Thread) *report.Fix {
	if len(s.closes) == 0 || !s.fixable() || s.onlySender() != t {
		return nil // a close on the new path could come before a send
	}
	if s.needsEnd(d, func(op *model.Op) bool { return op.Inst.Thread == t }) {
		return nil
	}
	if t == s.m.Root.Thread {
		return s.deferInRoot(t)
	}
	body := s.ownBody(t)
	if body == nil {
		return nil
	}
	v := s.variableIn(t, body.Lbrace+1)
	if v == nil {
		return nil
	}
	e := s.pass.Edit(body.Pos())
	e.InsertFirst(body, "defer close("+v.Name()+")")
	return s.withoutCloses(e, t, v, body)
}

// ownBody returns the body of the function that a thread executes, if nothing
// else executes it.
func (s *subject) ownBody(t *model.Thread) *ast.BlockStmt {
	if lit := s.literal(t); lit != nil {
		return lit.Body
	}
	fn := t.Root.Fn
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Name.IsExported() || decl.Recv != nil {
		return nil
	}
	uses := 0
	for _, obj := range s.eng.Info.Uses {
		if obj == fn.Object() {
			uses++
		}
	}
	if uses != 1 {
		return nil
	}
	return decl.Body
}

// deferInRoot makes the close of the function that makes the channel, sends on
// it and closes it, a deferred one. It must not wait for the drain: that would
// then come before the close.
func (s *subject) deferInRoot(t *model.Thread) *report.Fix {
	for _, d := range s.drains {
		if d.op.Inst.Thread == t || s.awaited(d.op.Inst.Thread) {
			return nil
		}
	}
	l := s.makersList()
	if l == nil || l.maker != s.m.Root || !l.isBody {
		return nil
	}
	for _, k := range s.closes {
		if list, i := s.listAround(k.Pos()); i+1 < len(list) && !isReturn(list[i+1]) {
			return nil // what follows may take its time, or be meant to come later
		}
	}
	e := s.pass.Edit(l.stmts[l.made].Pos())
	e.InsertAfter(l.stmts[l.made], "defer close("+l.v.Name()+")")
	return s.withoutCloses(e, t, l.v, nil)
}

func isReturn(stmt ast.Stmt) bool { _, ok := stmt.(*ast.ReturnStmt); return ok }

// withoutCloses deletes the closes that a deferred one replaces. Nothing that
// waits may follow them: it may count on the close to have been made. The list
// of the body may become empty but for the new statement, no other one.
func (s *subject) withoutCloses(e *report.Editor, t *model.Thread, v *types.Var, body *ast.BlockStmt) *report.Fix {
	for _, k := range s.closes {
		if k.Inst != t.Root || !s.isOperand(k, v) || s.waitsAfter(k) {
			return nil
		}
		list, i := s.listAround(k.Pos())
		if list == nil || !s.isCall(list[i], k) || s.commented(list[i]) {
			return nil
		}
		if len(list) == 1 && (body == nil || list[0] != body.List[0]) {
			return nil
		}
		e.Delete(list[i])
	}
	return e.Fix("Close " + v.Name() + " on every path of its sender")
}

// isOperand reports whether the operation k is written with the variable v.
func (s *subject) isOperand(k *model.Op, v *types.Var) bool {
	_, e := s.eng.Syntax.Operation(k.Pos())
	id, ok := e.(*ast.Ident)
	return ok && s.eng.Info.Uses[id] == v
}

// isCall reports whether a statement is nothing but the operation k, deferred
// or not.
func (s *subject) isCall(stmt ast.Stmt, k *model.Op) bool {
	switch op, _ := s.eng.Syntax.Operation(k.Pos()); stmt := stmt.(type) {
	case *ast.ExprStmt:
		return ast.Node(stmt.X) == op
	case *ast.DeferStmt:
		return ast.Node(stmt) == op
	}
	return false
}

// commented reports whether a comment of its own leads a statement: it ends on
// the line above, and code does not precede it there.
func (s *subject) commented(stmt ast.Stmt) bool {
	file := s.eng.Syntax.File(stmt.Pos())
	line := s.eng.Syntax.Line(stmt.Pos())
	for _, c := range file.Comments {
		if c.End() > stmt.Pos() || s.eng.Syntax.Line(c.End()) != line-1 {
			continue
		}
		code := false
		ast.Inspect(file, func(n ast.Node) bool {
			if _, ok := n.(*ast.CommentGroup); n == nil || ok || code {
				return false
			}
			for _, pos := range []token.Pos{n.Pos(), n.End()} {
				code = code || pos <= c.Pos() && s.eng.Syntax.Line(pos) == s.eng.Syntax.Line(c.Pos())
			}
			if b, ok := n.(*ast.BlockStmt); ok && s.eng.Syntax.Line(b.Lbrace) == s.eng.Syntax.Line(c.Pos()) {
				code = true
			}
			return n.Pos() < c.Pos()
		})
		if !code {
			return true
		}
	}
	return false
}

// waitsAfter reports whether the thread of the close k waits for anything
// after it.
func (s *subject) waitsAfter(k *model.Op) bool {
	if k.Deferred() {
		return false // its place among the deferred calls is all that changes
	}
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == k.Inst.Thread && op != k && s.mayWait(op) && s.m.Joins.After(k.Inst.Thread, k, op) {
			return true
		}
	}
	return false
}

// mayWait reports whether an operation may have to wait for another goroutine.
func (s *subject) mayWait(op *model.Op) bool {
	switch op.Kind {
	case model.Send:
		return !s.hasRoom(op)
	case model.Receive:
		return true
	case model.Method:
		switch op.Call {
		case api.WGWait, api.EGWait, api.CondWait, api.SemAcquire, api.Lock, api.RLock:
			return true
		}
	}
	return false
}

// hasRoom reports whether a send finds room in the buffer of its channel
// however late the receiver comes: no run sends more values than it holds.
func (s *subject) hasRoom(send *model.Op) bool {
	if len(send.On) != 1 {
		return false
	}
	mk, ok := send.On[0].Obj.Site.(*ssa.MakeChan)
	if !ok {
		return false
	}
	size, ok := mk.Size.(*ssa.Const)
	if !ok || send.On[0].Escaped() {
		return false
	}
	left := size.Int64()
	for _, t := range s.m.Threads {
		n := s.mostSends(t, send.On[0])
		if n > 0 && s.m.Shared(t, send.On[0].Obj) && t != send.On[0].Obj.Inst.Thread {
			return false
		}
		left -= n
	}
	return left >= 0
}

// mostSends returns the largest number of values that a run of thread t sends
// on a channel, which is unlimited if it is more than a few.
func (s *subject) mostSends(t *model.Thread, ch model.Loc) int64 {
	const enough = 8
	most := flow.State(0)
	ok := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			if op.Kind == model.Send && on(op, ch) {
				st++
				most = max(most, st)
			}
			return st, st < enough
		},
	})
	if !ok || most >= enough {
		return math.MaxInt32
	}
	return int64(most)
}

// listAround returns the innermost list of statements around pos, and the
// index of the statement there.
func (s *subject) listAround(pos token.Pos) ([]ast.Stmt, int) {
	for _, n := range s.eng.Syntax.Path(pos) {
		list := statements(n)
		if i := indexOf(list, pos); i >= 0 {
			return list, i
		}
	}
	return nil, -1
}

func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

func indexOf(list []ast.Stmt, pos token.Pos) int {
	return slices.IndexFunc(list, func(stmt ast.Stmt) bool { return stmt.Pos() <= pos && pos < stmt.End() })
}

// needsEnd reports whether one of the operations that is selects waits for
// something that happens only after the drain has ended: a close behind that
// operation cannot be what ends the drain.
func (s *subject) needsEnd(d drain, is func(*model.Op) bool) bool {
	late, ok := s.afterDrain(d)
	if !ok {
		return true
	}
	for changed := true; changed; {
		changed = false
		for _, op := range s.m.Ops() {
			if late[op] || on(op, s.c) || !s.mayWait(op) || !s.releasedBy(op, late) {
				continue
			}
			if is(op) {
				return true
			}
			// What this thread does after the wait is late as well.
			for _, next := range s.m.Ops() {
				if next.Inst.Thread == op.Inst.Thread && s.m.Joins.After(op.Inst.Thread, op, next) && !late[next] {
					late[next], changed = true, true
				}
			}
			late[op] = true
		}
	}
	return false
}

// afterDrain returns the operations that are performed only after the drain
// has ended, by its goroutine and by those that it starts then.
func (s *subject) afterDrain(d drain) (map[*model.Op]bool, bool) {
	t := d.op.Inst.Thread
	early := make(map[*model.Op]bool)
	starts := make(map[*model.Thread]bool)
	ok := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			early[op] = true
			return st, true
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			starts[u] = true
			return st, true
		},
		Branch: d.open,
	})
	late := make(map[*model.Op]bool)
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == t && !early[op] {
			late[op] = true
		}
		if u := branchFrom(op.Inst.Thread, t); u != nil && !starts[u] {
			late[op] = true
		}
	}
	return late, ok
}

// releasedBy reports whether a waiting operation may wait for one of others.
func (s *subject) releasedBy(op *model.Op, others map[*model.Op]bool) bool {
	for other := range others {
		if other.Inst.Thread == op.Inst.Thread {
			continue
		}
		if task := s.m.Joins.Task(other.Inst.Thread); task != nil && (op.Call == api.WGWait || op.Call == api.EGWait) && onSame(op, task) {
			return true // its task ends later still
		}
		if releases(other, op) && onSame(other, op) {
			return true
		}
	}
	return false
}

// releases reports whether an operation of the kind of a can end the wait of
// one of the kind of b.
func releases(a, b *model.Op) bool {
	switch {
	case b.Kind == model.Receive:
		return a.Kind == model.Send || a.Kind == model.Close
	case b.Kind == model.Send:
		return a.Kind == model.Receive
	case b.Call == api.WGWait:
		return a.Call == api.WGDone || a.Call == api.WGAdd
	case b.Call == api.SemAcquire:
		return a.Call == api.SemRelease
	case b.Call == api.CondWait:
		return a.Call == api.CondWake
	}
	return false
}

func onSame(a, b *model.Op) bool {
	return slices.ContainsFunc(a.On, func(l model.Loc) bool { return on(b, l) })
}

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
	if g == nil {
		return nil
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
	if i >= at || !l.visible(g.v, l.stmts[i].End()) {
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
