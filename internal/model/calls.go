package model

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// callee enters fn at a call: as a child of inst in its thread, or as the root
// of a new thread. It returns nil where the recursion is cut.
func (m *Model) callee(inst *Instance, site ssa.CallInstruction, o *Object, spawns bool) *Instance {
	fn := m.Prog.Callee(o.Fn)
	if fn == nil {
		return nil
	}
	c := m.callAt(inst, site)
	for _, old := range c.Callees {
		if old.Fn == fn && (old.Env == o.Inst || Within(o.Inst, old)) {
			return old // in the second case, of a closure that it made itself: a recursion
		}
	}
	if same := m.recursive(inst, fn, o.Inst); same != nil {
		c.Callees = append(c.Callees, same)
		return same
	}
	if inst.Depth() >= maxDepth || len(m.Instances) >= maxInstances {
		m.Cut, c.Unknown = true, true
		return nil
	}
	child := &Instance{Fn: fn, Parent: inst, Site: site, Env: o.Inst, Thread: inst.Thread}
	if spawns {
		child.Thread = m.newThread(&Thread{Kind: Spawned, Root: child, Parent: inst.Thread, Inst: inst, Site: site})
	}
	m.newInstance(child)
	m.bind(child, o)
	c.Callees = append(c.Callees, child)
	return child
}

// recursive returns the instance of fn that stands for a further recursive
// call from inst: the second one on the way from the root.
func (m *Model) recursive(inst *Instance, fn *ssa.Function, env *Instance) *Instance {
	n := 0
	var first *Instance
	for a := inst; a != nil; a = a.Parent {
		if a.Fn == fn {
			if first == nil {
				first = a
			}
			n++
		}
	}
	if n >= 2 {
		return first
	}
	return nil
}

func (m *Model) passArgs(inst *Instance, args []ssa.Value, callee *Instance) {
	for i, p := range callee.Fn.Params {
		if i >= len(args) {
			return
		}
		if c, ok := args[i].(*ssa.Const); ok && c.Value == nil {
			continue
		}
		paths := m.leavesOf(p.Type())
		if a := m.leavesOf(args[i].Type()); len(a) > len(paths) {
			paths = a // a type parameter is one leaf, its argument may be more
		}
		for _, q := range paths {
			m.edge(m.value(inst, args[i], q), m.value(callee, p, q))
		}
	}
}

// takeResults lets the results of a callee flow to the call's value.
func (m *Model) takeResults(inst *Instance, site ssa.CallInstruction, callee *Instance) {
	v := site.Value()
	if v == nil {
		return // go and defer drop them
	}
	results := callee.Fn.Signature.Results()
	for i := range results.Len() {
		to := ""
		if results.Len() > 1 {
			to = "#" + strconv.Itoa(i)
		}
		for _, p := range m.leavesOf(results.At(i).Type()) {
			m.edge(m.result(callee, i, p), m.value(inst, v, to+p))
		}
	}
}

func (m *Model) call(inst *Instance, site ssa.CallInstruction) {
	common := site.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		m.builtin(inst, site, b)
		return
	}
	_, spawns := site.(*ssa.Go)
	if m.primitive(inst, site) {
		return
	}
	if common.IsInvoke() {
		m.invoke(inst, site, spawns)
		return
	}
	if fn := common.StaticCallee(); fn != nil {
		if _, isClosure := common.Value.(*ssa.MakeClosure); !isClosure {
			if m.Prog.Callee(fn) == nil {
				m.external(inst, site, ir.Object(common))
				return
			}
			m.enter(inst, site, m.function(fn), common.Args, spawns)
			return
		}
	}
	m.watch(m.value(inst, common.Value, ""), func(l Loc) {
		if l.Obj.Kind != Func {
			m.external(inst, site, nil)
			return
		}
		if m.Prog.Callee(l.Obj.Fn) == nil {
			obj, _ := l.Obj.Fn.Object().(*types.Func)
			m.external(inst, site, obj)
			return
		}
		m.enter(inst, site, l.Obj, common.Args, spawns)
	})
}

func (m *Model) enter(inst *Instance, site ssa.CallInstruction, o *Object, args []ssa.Value, spawns bool) {
	callee := m.callee(inst, site, o, spawns)
	if callee == nil {
		m.letGo(o)
		m.external(inst, site, nil)
		return
	}
	if !callee.passed && callee.Parent == inst {
		callee.args = args
	} else if !slices.Equal(callee.args, args) {
		callee.args = nil // a recursive call, with other arguments
	}
	callee.passed = true
	m.passArgs(inst, args, callee)
	m.takeResults(inst, site, callee)
}

// invoke resolves a call through an interface by the dynamic types of what the
// receiver may refer to.
func (m *Model) invoke(inst *Instance, site ssa.CallInstruction, spawns bool) {
	common := site.Common()
	seen := make(map[*ssa.Function]bool)
	m.watch(m.value(inst, common.Value, ""), func(l Loc) {
		fn := m.method(l, common.Method)
		if fn == nil {
			m.external(inst, site, common.Method)
			return
		}
		if !seen[fn] {
			seen[fn] = true
			args := append([]ssa.Value{common.Value}, common.Args...)
			m.enter(inst, site, m.function(fn), args, spawns)
		}
	})
	if len(m.value(inst, common.Value, "").pts) == 0 {
		m.callAt(inst, site).Unknown = true
	}
}

// method returns the method of this package that an interface call on l
// enters, or nil: l's dynamic type must be known.
func (m *Model) method(l Loc, method *types.Func) *ssa.Function {
	if l.Obj.Kind != Memory || l.Path != "" || l.Obj.Type == nil {
		return nil
	}
	if n := api.Named(l.Obj.Type); n == nil || n.Obj().Pkg() != m.Prog.Types {
		return nil
	}
	found, index, _ := types.LookupFieldOrMethod(l.Obj.Type, true, method.Pkg(), method.Name())
	obj, ok := found.(*types.Func)
	if !ok || len(index) > 1 {
		return nil // promoted through embedding: not followed
	}
	return m.Prog.Callee(m.Prog.FuncOf(obj.Origin()))
}

func (m *Model) builtin(inst *Instance, site ssa.CallInstruction, b *ssa.Builtin) {
	args := site.Common().Args
	v := site.Value()
	switch b.Name() {
	case "append":
		if v == nil || len(m.leavesOf(v.Type())) == 0 {
			return
		}
		s, ok := v.Type().Underlying().(*types.Slice)
		if !ok {
			return
		}
		grown := Loc{Obj: m.made(inst, v, "", Memory, v.Type())}
		m.add(m.value(inst, v, ""), grown)
		m.copyValue(inst, args[0], "", v, "", v.Type())
		if len(args) < 2 {
			return
		}
		for _, arg := range args[:2] {
			m.watch(m.value(inst, arg, ""), func(from Loc) {
				m.watch(m.value(inst, v, ""), func(to Loc) { m.copyElems(from, to, s.Elem()) })
			})
		}
	case "copy":
		s, ok := args[0].Type().Underlying().(*types.Slice)
		if !ok || !tracked(s.Elem(), 0) {
			return
		}
		m.watch(m.value(inst, args[1], ""), func(from Loc) {
			m.watch(m.value(inst, args[0], ""), func(to Loc) { m.copyElems(from, to, s.Elem()) })
		})
	}
}

func (m *Model) copyElems(from, to Loc, elem types.Type) {
	if from == to {
		return
	}
	for _, p := range m.leavesOf(elem) {
		m.edge(m.unknownCell(Loc{from.Obj, from.Path + "[]" + p}, leafType(elem, p)), m.cell(Loc{to.Obj, to.Path + "[]" + p}))
	}
}

// primitive handles the calls whose meaning is built in, and reports whether
// site is one.
func (m *Model) primitive(inst *Instance, site ssa.CallInstruction) bool {
	common := site.Common()
	v := site.Value()
	op := ir.Op(common)
	switch op {
	case api.None:
		return false
	case api.WGGo, api.EGGo, api.EGTryGo:
		if len(common.Args) < 2 {
			return false // a method expression
		}
		m.runs(inst, site, common.Args[1], true, false)
	case api.TimerFunc:
		if len(common.Args) < 2 {
			return false
		}
		m.runs(inst, site, common.Args[1], true, true)
		m.unknownResults(inst, site, "")
	case api.OnceDo:
		if len(common.Args) < 2 {
			return false
		}
		m.runs(inst, site, common.Args[1], false, true)
	case api.EGWithContext:
		if v == nil {
			return true
		}
		group := pointee(v.Type().(*types.Tuple).At(0).Type())
		m.add(m.value(inst, v, "#0"), Loc{Obj: m.made(inst, v, "#0", Memory, group)})
		m.context(inst, v, "#1", common.Args[0])
	case api.CtxDerive:
		if v != nil {
			path := ""
			if _, ok := v.Type().(*types.Tuple); ok {
				path = "#0"
			}
			m.context(inst, v, path, common.Args[0])
			m.unknownResults(inst, site, "#1")
		}
	case api.CtxRoot, api.CtxWithoutCancel:
		if v != nil {
			m.context(inst, v, "", nil)
		}
	case api.CtxDone:
		if v != nil && common.IsInvoke() {
			m.watch(m.value(inst, common.Value, ""), func(l Loc) {
				done := m.object(objectKey{site: l.Obj, kind: DoneChan, path: l.Path}, func() *Object {
					return &Object{Kind: DoneChan, Type: v.Type(), Inst: l.Obj.Inst, Site: l.Obj.Site, Parent: Ref{inst, common.Value}}
				})
				m.add(m.value(inst, v, ""), Loc{Obj: done})
			})
		}
	case api.SemNew:
		if v != nil {
			m.add(m.value(inst, v, ""), Loc{Obj: m.made(inst, v, "", Memory, pointee(v.Type()))})
		}
	case api.CtxValue:
		m.unknownResults(inst, site, "")
	}
	return true
}

// context makes part of v a context derived from parent, or a root context.
func (m *Model) context(inst *Instance, v ssa.Value, path string, parent ssa.Value) {
	t := v.Type()
	if path != "" {
		t = leafType(t, path)
	}
	o := m.made(inst, v, path, Context, t)
	if parent != nil {
		o.Parent = Ref{inst, parent}
	}
	m.add(m.value(inst, v, path), Loc{Obj: o})
}

// runs enters the function value f at site: in a new thread, or before site
// returns.
func (m *Model) runs(inst *Instance, site ssa.CallInstruction, f ssa.Value, spawns, maybe bool) {
	m.watch(m.value(inst, f, ""), func(l Loc) {
		if l.Obj.Kind != Func {
			m.callAt(inst, site).Unknown = true
			return
		}
		callee := m.callee(inst, site, l.Obj, spawns)
		if callee == nil {
			m.letGo(l.Obj)
			return
		}
		callee.Maybe = callee.Maybe || maybe
		m.symbolicParams(callee)
	})
}

// external is a call of code that cannot be seen.
func (m *Model) external(inst *Instance, site ssa.CallInstruction, f *types.Func) {
	call := m.callAt(inst, site)
	if call.external {
		return
	}
	call.external, call.Unknown = true, true
	common := site.Common()
	keeps, callback := m.Prog.External(f)
	call.keeps = keeps
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	yield := ir.Yield(common)
	for i, arg := range args {
		for _, p := range m.leavesOf(arg.Type()) {
			switch {
			case i == yield:
				m.runs(inst, site, arg, false, false) // it runs before the loop ends
			case keeps:
				recvOnly := isRecvOnly(leafType(arg.Type(), p))
				m.watch(m.value(inst, arg, p), func(l Loc) { m.escape(l, Escape{Path: l.Path, RecvOnly: recvOnly}) })
			case callback == api.CallbackSync && isFunc(leafType(arg.Type(), p)):
				m.runs(inst, site, arg, false, true)
			}
		}
	}
	m.unknownResults(inst, site, "")
}

func isRecvOnly(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	return ok && c.Dir() == types.RecvOnly
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// unknownResults names what a call of unknown code returns, or the part of it
// below path.
func (m *Model) unknownResults(inst *Instance, site ssa.CallInstruction, path string) {
	v := site.Value()
	if v == nil {
		return
	}
	for _, p := range m.leavesOf(v.Type()) {
		if hasPrefix(p, path) {
			m.add(m.value(inst, v, p), m.symbol(inst, v, p, leafType(v.Type(), p)))
		}
	}
}
