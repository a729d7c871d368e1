package engine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/machine"
)

// The budgets of the explorer, in executed instructions. What goes wrong goes
// wrong early: nearly all findings are made within the first few thousand.
const (
	rootSteps    = 50_000    // of a root, where the package has few
	minRootSteps = 6_000     // of a root, where it has many
	aloneSteps   = 5_000     // of a root without a second goroutine: all there is to choose are its ways
	lockSteps    = 2_000     // of a root that only takes a lock
	userSteps    = 10_000    // of a root that has another package create something
	sharedSteps  = 600_000   // of the roots in which something is created, together
	testSteps    = 150_000   // of those that are tests, together
	packageSteps = 1_000_000 // of a package, whatever it has
	deviations   = 6
	preempts     = 2
)

// Explored returns what the explorer has found in the package. It explores on
// the first call.
func (p *Package) Explored() *explore.Survey {
	if p.survey == nil {
		p.survey = p.exploreAll()
		for reason, n := range p.survey.Counts {
			p.counts["explorer: "+reason] += n
		}
	}
	return p.survey
}

func (p *Package) exploreAll() (s *explore.Survey) {
	s = &explore.Survey{}
	defer func() {
		if r := recover(); r != nil {
			p.count(fmt.Sprintf("panic in the explorer: %v\n%s", r, debug.Stack()))
		}
	}()
	prog := p.program()
	if prog == nil {
		return s
	}
	first, callers, lockers, users := p.explorable()
	if len(first)+len(lockers)+len(users) == 0 {
		return s
	}
	share := p.shareOf(slices.Concat(first, callers))
	var roots []explore.Root
	add := func(fns []*ssa.Function, most int) {
		for _, fn := range fns {
			end := p.endOf(fn)
			roots = append(roots, explore.Root{
				Scenario: machine.Scenario{Fn: fn},
				Budget:   budget(min(share(end), most)),
				End:      end,
				Inner:    p.inner(fn),
			})
		}
	}
	add(first, rootSteps)
	add(callers, rootSteps)
	add(lockers, lockSteps)
	add(users, userSteps)
	for _, fn := range first {
		for _, maker := range p.makersOf(fn, first) {
			what := machine.Scenario{Fn: fn, Maker: maker}
			roots = append(roots, explore.Root{Scenario: what, Budget: budget(share(explore.EndsNothing))})
		}
	}
	for _, what := range p.privately(first) {
		roots = append(roots, explore.Root{Scenario: what, Budget: budget(lockSteps)})
	}
	roots = append(roots, p.lives()...)
	if p.only != nil {
		roots = slices.DeleteFunc(roots, func(r explore.Root) bool { return !p.only(r) })
	}
	for i := range roots {
		roots[i].Helps = p.helps(roots[i].Scenario)
	}
	mp := machine.NewProgram(prog)
	mp.Unread, mp.Patient = p.unread(), p.patient
	return explore.Package(mp, roots, packageSteps)
}

// shareOf returns how many steps a root has, by what ends when it returns: those that
// are tests have fewer, since many of them make the same things to test others.
func (p *Package) shareOf(fns []*ssa.Function) func(explore.End) int {
	tests := 0
	for _, fn := range fns {
		if p.endOf(fn) == explore.EndsTest {
			tests++
		}
	}
	share := func(all, n int) int { return max(minRootSteps, min(rootSteps, all/max(1, n))) }
	others, test := share(sharedSteps, len(fns)-tests), share(testSteps, tests)
	return func(end explore.End) int {
		if end == explore.EndsTest {
			return min(test, others)
		}
		return others
	}
}

func budget(steps int) explore.Budget {
	return explore.Budget{Steps: steps, Alone: aloneSteps, Deviations: deviations, Preempts: preempts}
}

// explorable returns the functions and literals in which a goroutine or
// primitive comes into being, those that call them, other functions that
// take a lock, and others that have functions of other packages create something, each
// in source order.
func (p *Package) explorable() (first, callers, lockers, users []*ssa.Function) {
	level := make(map[*ssa.Function]int)
	var found []*ssa.Function
	for _, fn := range p.prog.Funcs {
		if fn.Synthetic == "" && creates(fn) {
			level[fn] = 1
			found = append(found, fn)
		}
	}
	for n := 2; n <= 1+callerLevels; n++ {
		var next []*ssa.Function
		for _, fn := range found {
			for _, call := range p.prog.Callers(fn) {
				if c := call.Parent(); level[c] == 0 && c.Synthetic == "" {
					level[c] = n
					next = append(next, c)
				}
			}
		}
		found = next
	}
	for _, fn := range p.prog.Funcs {
		switch {
		case level[fn] == 1:
			first = append(first, fn)
		case level[fn] > 1:
			callers = append(callers, fn)
		case fn.Synthetic == "" && fn.Parent() == nil && takesLock(fn):
			lockers = append(lockers, fn)
		case fn.Synthetic == "" && fn.Parent() == nil && len(p.prog.Linked) > 0 && p.createsElsewhere(fn):
			users = append(users, fn)
		}
	}
	return first, callers, lockers, users
}

// makersOf returns the functions that make what fn, an exported method that
// makes a channel, is called on, with goroutines that serve it: a request may
// never be answered.
func (p *Package) makersOf(fn *ssa.Function, first []*ssa.Function) []*ssa.Function {
	recv := fn.Signature.Recv()
	if recv == nil || fn.Object() == nil || !fn.Object().Exported() || fn.TypeParams().Len() > 0 {
		return nil
	}
	var makers []*ssa.Function
	for _, m := range first {
		res := m.Signature.Results()
		if m.Parent() == nil && m.Signature.Recv() == nil && res.Len() > 0 && types.Identical(res.At(0).Type(), recv.Type()) && starts(m) {
			makers = append(makers, m)
		}
	}
	return makers
}

// maxPairs bounds the scenarios for one type.
const maxPairs = 20

// privately returns scenarios for the types of the package that have a lock, and
// a function that makes one and starts goroutines for it: each method, and each
// two methods in a row, or one twice, on an object that nobody else has. They show whether a
// method and those goroutines can lock each other out.
func (p *Package) privately(first []*ssa.Function) []machine.Scenario {
	methods := make(map[types.Type][]*ssa.Function)
	for _, fn := range p.prog.Funcs {
		if recv := fn.Signature.Recv(); recv != nil && fn.Synthetic == "" && fn.TypeParams().Len() == 0 && (takesLock(fn) || creates(fn) || communicates(fn)) {
			if n := api.Named(recv.Type()); n != nil && hasLock(types.NewPointer(n)) {
				methods[n] = append(methods[n], fn)
			}
		}
	}
	var out []machine.Scenario
	for _, maker := range first {
		n := makes(maker)
		if n == nil || !starts(maker) {
			continue
		}
		pairs := 0
		for _, fn := range methods[n] {
			out = append(out, machine.Scenario{Fn: fn, Maker: maker, Private: true})
			for _, before := range methods[n] {
				if (before != fn || takesLock(fn) && communicates(fn)) && pairs < maxPairs {
					pairs++
					out = append(out, machine.Scenario{Fn: fn, Maker: maker, First: before, Private: true})
				}
			}
		}
	}
	return out
}

// communicates reports whether a function sends or receives.
func communicates(fn *ssa.Function) bool {
	for in := range ir.Instrs(fn) {
		switch in := in.(type) {
		case *ssa.Send, *ssa.Select:
			return true
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return true
			}
		}
	}
	return false
}

// starts reports whether a function starts a goroutine.
func starts(fn *ssa.Function) bool {
	for in := range ir.Instrs(fn) {
		switch in := in.(type) {
		case *ssa.Go:
			return true
		case ssa.CallInstruction:
			if op := ir.Op(in.Common()); op == api.WGGo || op == api.EGGo {
				return true
			}
		}
	}
	return false
}

// takesLock reports whether a function locks something itself.
func takesLock(fn *ssa.Function) bool {
	for in := range ir.Instrs(fn) {
		if c, ok := in.(ssa.CallInstruction); ok {
			switch ir.Op(c.Common()) {
			case api.Lock, api.RLock, api.TryLock, api.OnceDo:
				return true
			}
			if c.Common().IsInvoke() && api.InterfaceLock(c.Common().Method) == api.Lock {
				return true
			}
		}
	}
	return false
}

// inner reports whether a function is a literal, or can be called only by
// functions of the package that name it.
func (p *Package) inner(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return true
	}
	for _, call := range p.prog.Callers(fn) {
		if call.Parent() == fn {
			return true // its inner calls say what it is given
		}
	}
	obj := fn.Object()
	return obj != nil && !obj.Exported() && len(p.prog.Callers(fn)) > 0
}

// unread returns a function that reports whether nothing in the package reads a
// field. It looks at the syntax, as functions without a body in SSA form read
// fields too, and not before it is asked.
func (p *Package) unread() func(*types.Var) bool {
	var read map[*types.Var]bool
	return func(f *types.Var) bool {
		if read == nil {
			read = make(map[*types.Var]bool)
			set := make(map[ast.Expr]bool)
			for _, file := range p.Syntax.Files {
				for n := range ast.Preorder(file) {
					switch n := n.(type) {
					case *ast.AssignStmt:
						for _, lhs := range n.Lhs {
							set[lhs] = n.Tok == token.ASSIGN
						}
					case *ast.SelectorExpr:
						p.noteRead(n, set[n], read)
					}
				}
			}
		}
		return !read[f] && !p.SelectedElsewhere(f.Name())
	}
}

// noteRead notes the fields that a selector reads: those on the way, and the
// last one unless it is set.
func (p *Package) noteRead(sel *ast.SelectorExpr, set bool, read map[*types.Var]bool) {
	s := p.Info.Selections[sel]
	if s == nil {
		return
	}
	t := s.Recv()
	for i, index := range s.Index() {
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || index >= st.NumFields() {
			return
		}
		f := st.Field(index)
		if last := i == len(s.Index())-1; !last || !set {
			read[f] = true
		}
		t = f.Type()
	}
}

// creates reports whether a function, or a literal in it, makes or closes a
// channel, makes a primitive or starts a goroutine.
func creates(fn *ssa.Function) bool {
	for in := range ir.Instrs(fn) {
		switch in := in.(type) {
		case *ssa.MakeChan, *ssa.Go:
			return true
		case *ssa.Alloc:
			if api.IsWaitGroup(in.Type()) || api.IsGroup(in.Type()) || hasLock(in.Type()) {
				return true
			}
		case ssa.CallInstruction:
			if ir.IsBuiltin(in.Common(), "close") {
				return true
			}
			switch ir.Op(in.Common()) {
			case api.WGGo, api.EGGo, api.EGWithContext, api.SemNew, api.TimerFunc:
				return true
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		if creates(lit) {
			return true
		}
	}
	return false
}

// createsElsewhere reports whether a function, or a literal in it, calls one of
// another package that does so.
func (p *Package) createsElsewhere(fn *ssa.Function) bool {
	for in := range ir.Instrs(fn) {
		if call, ok := in.(ssa.CallInstruction); ok {
			if callee := p.prog.StaticCallee(call); callee != nil && p.prog.IsLinked(callee) && p.within(callee, creates, 0) {
				return true
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		if p.createsElsewhere(lit) {
			return true
		}
	}
	return false
}

// within reports whether a function, or one that it calls, does something. The depth is
// that of the function; callees are looked at beyond callerLevels by one.
func (p *Package) within(fn *ssa.Function, does func(*ssa.Function) bool, depth int) bool {
	if does(fn) {
		return true
	}
	if depth > callerLevels {
		return false
	}
	for in := range ir.Instrs(fn) {
		if call, ok := in.(ssa.CallInstruction); ok {
			if callee := p.prog.StaticCallee(call); callee != nil && callee != fn && p.within(callee, does, depth+1) {
				return true
			}
		}
	}
	return false
}

// hasLock reports whether t points to a struct with a lock in it.
func hasLock(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	st, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if api.IsLock(f.Type()) {
			return true
		}
		if inner, ok := f.Type().Underlying().(*types.Struct); ok && api.Named(f.Type()) == nil {
			for g := range inner.Fields() {
				if api.IsLock(g.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// endOf returns what ends when fn returns.
func (p *Package) endOf(fn *ssa.Function) explore.End {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn.Signature.Recv() == nil && (fn.Name() == "main" && p.Types.Name() == "main" || strings.HasPrefix(fn.Name(), "init#")) {
		return explore.EndsProcess
	}
	if f := p.Fset.File(fn.Pos()); f == nil || !strings.HasSuffix(f.Name(), "_test.go") {
		return explore.EndsNothing
	}
	for _, param := range fn.Params {
		if api.IsTesting(param.Type()) {
			return explore.EndsTest
		}
	}
	if strings.HasPrefix(fn.Name(), "Example") {
		return explore.EndsTest
	}
	return explore.EndsNothing
}
