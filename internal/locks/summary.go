package locks

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// A summary is what a function does to locks that its caller can name.
type summary struct {
	outcomes  []outcome
	acquires  []*Acquire
	opens     map[*Path]bool // unlocked though the function had not locked it
	orders    []Order        // of locks that the caller can name both
	unknown   bool           // too many paths
	taken     map[takenKey]map[*ssa.BasicBlock]bool
	recursive bool // asked for again, perhaps before it was complete
	keys      map[string]bool
}

// An outcome is one way in which a function may return.
type outcome struct {
	holds   []Hold
	results []verdict
	facts   []fact // about what the caller can name
	failure bool   // the results say that the caller got nothing

	// stored lists the results that are also kept where the caller can see them.
	stored []storing

	// unlocks lists the results that are functions which unlock what is held.
	unlocks []unlocker
}

// An unlocker is a result that is a function which unlocks a lock.
type unlocker struct {
	result int
	lock   *Path
}

// A storing is a result that is what a variable holds when the function returns.
type storing struct {
	result int
	at     *Path
}

// maxOutcomes bounds how many ways of returning a caller tells apart, and
// maxOrders how many pairs of locks it looks at.
const (
	maxOutcomes = 6
	maxOrders   = 20
)

func (sum *summary) add(o outcome) {
	key := outcomeKey(o)
	if !sum.keys[key] {
		sum.keys[key] = true
		sum.outcomes = append(sum.outcomes, o)
	}
}

func outcomeKey(o outcome) string {
	var b strings.Builder
	b.WriteString((&state{holds: o.holds}).key())
	for _, r := range o.results {
		if r.known {
			b.WriteString(r.value + strconv.FormatBool(r.equal))
		}
		b.WriteString(";")
	}
	b.WriteString(strconv.FormatBool(o.failure))
	for _, u := range o.unlocks {
		b.WriteString(strconv.Itoa(u.result) + ":" + strconv.Itoa(u.lock.id))
	}
	for _, st := range o.stored {
		b.WriteString(strconv.Itoa(st.result) + "@" + strconv.Itoa(st.at.id))
	}
	for _, f := range o.facts {
		b.WriteString(strconv.Itoa(f.path.id) + f.value + strconv.FormatBool(f.equal))
	}
	return b.String()
}

// acquire notes that the function takes a lock.
func (sum *summary) acquire(acq *Acquire) {
	for i, known := range sum.acquires {
		if known.Lock == acq.Lock && known.Read == acq.Read {
			if known.Guarded && !acq.Guarded {
				sum.acquires[i] = acq
			}
			return
		}
	}
	sum.acquires = append(sum.acquires, acq)
}

// merge reduces the outcomes to what callers tell apart: first they lose the
// facts, then the results, and in the end what differs is unknown.
func (sum *summary) merge() {
	effects := make(map[string]bool)
	for _, o := range sum.outcomes {
		effects[(&state{holds: o.holds}).key()] = true
	}
	if len(effects) == 1 || len(sum.outcomes) > maxOutcomes {
		sum.reduce(func(o *outcome) { o.facts = nil })
	}
	if len(effects) == 1 && len(sum.outcomes) > 0 && len(sum.outcomes[0].holds) == 0 || len(sum.outcomes) > maxOutcomes {
		sum.reduce(func(o *outcome) { o.results, o.failure = nil, false })
	}
	if len(sum.outcomes) <= maxOutcomes {
		return
	}
	var all outcome
	for _, o := range sum.outcomes {
		for _, h := range o.holds {
			if !slices.ContainsFunc(all.holds, func(x Hold) bool { return x.Lock == h.Lock }) {
				h.Unknown = true
				all.holds = append(all.holds, h)
			}
		}
	}
	sum.outcomes = []outcome{all}
}

// blur makes unknown what the outcomes do to locks where they differ: what would have
// told them apart was not kept.
func (sum *summary) blur() {
	differs := make(map[*Path]bool)
	for _, o := range sum.outcomes {
		for _, h := range o.holds {
			for _, other := range sum.outcomes {
				i := slices.IndexFunc(other.holds, func(x Hold) bool { return x.Lock == h.Lock })
				if i < 0 || other.holds[i].Write != h.Write || other.holds[i].Read != h.Read {
					differs[h.Lock] = true
				}
			}
		}
	}
	for i := range sum.outcomes {
		o := &sum.outcomes[i]
		o.holds = slices.Clone(o.holds)
		for j := range o.holds {
			o.holds[j].Unknown = o.holds[j].Unknown || differs[o.holds[j].Lock]
		}
	}
}

func (sum *summary) reduce(less func(*outcome)) {
	old := sum.outcomes
	sum.outcomes, sum.keys = nil, make(map[string]bool)
	for _, o := range old {
		less(&o)
		sum.add(o)
	}
}

// distrust makes unknown what some outcomes leave locked and others, which the
// caller cannot tell from them, do not: that is a mistake of the function, not
// a service of it.
func (sum *summary) distrust(released map[*Path]ssa.Instruction) {
	for i := range sum.outcomes {
		o := &sum.outcomes[i]
		o.holds = slices.Clone(o.holds)
		for j := range o.holds {
			h := &o.holds[j]
			if h.Held() && released[h.Lock] != nil && (o.failure || !sum.distinguished(h.Lock)) {
				h.Unknown = true
			}
		}
	}
}

// distinguished reports whether the results tell the outcomes that hold a lock
// from those that do not.
func (sum *summary) distinguished(p *Path) bool {
	held := func(o outcome) bool {
		return slices.ContainsFunc(o.holds, func(h Hold) bool { return h.Lock == p && (h.Write > 0 || h.Read > 0) })
	}
	for _, x := range sum.outcomes {
		for _, y := range sum.outcomes {
			if held(x) && !held(y) && !differ(x.results, y.results) {
				return false
			}
		}
	}
	return true
}

func differ(x, y []verdict) bool {
	for i := range x {
		if i < len(y) && x[i].known && y[i].known && x[i] != y[i] {
			return true
		}
	}
	return false
}

// A context is what a caller knows about the values that it passes: facts
// about parameters and free variables, and functions whose body is known.
type context struct {
	facts []fact
	funcs map[*ssa.Parameter]*closure
}

// A closure is a function that a caller hands down.
type closure struct {
	fn       *ssa.Function
	bindings map[ssa.Value]*Path // of its free variables, as the caller names them
	receiver map[ssa.Value]*Path // of a method value
	outer    *frame              // of the call by which it is handed down
}

func (c *context) key() string {
	b := (&state{facts: c.facts}).key()
	var params []*ssa.Parameter
	for p := range c.funcs {
		params = append(params, p)
	}
	slices.SortFunc(params, func(x, y *ssa.Parameter) int { return compareStrings(x.Name(), y.Name()) })
	for _, p := range params {
		fn := c.funcs[p]
		b += "|" + p.Name() + "=" + strconv.Itoa(int(fn.fn.Pos()))
		for _, v := range fn.fn.FreeVars {
			if q := fn.bindings[v]; q != nil {
				b += "," + strconv.Itoa(q.id)
			}
		}
		for _, v := range p.Parent().Params {
			if q := fn.outer.args[v]; q != nil {
				b += "/" + strconv.Itoa(q.id)
			}
		}
	}
	return b
}

// maxContexts bounds in how many contexts a function is looked at, maxTests how many of
// the tests in it they tell apart, maxDepth how deep calls are followed, and maxHandDown
// to which depth functions are handed down.
const (
	maxContexts = 6
	maxDepth    = 200
	maxHandDown = 12
	maxTests    = 8
)

// context gathers what the caller knows that the callee asks for.
func (w *walker) context(s *state, common *ssa.CallCommon, callee *ssa.Function, f *frame) *context {
	c := &context{funcs: make(map[*ssa.Parameter]*closure)}
	asked := w.a.askedFor(callee)
	for _, p := range asked {
		outer := w.a.paths.translate(p, f)
		if outer == nil {
			continue
		}
		for _, fc := range s.facts {
			if fc.path == outer {
				c.facts = append(c.facts, fact{path: p, value: fc.value, equal: fc.equal})
			}
		}
	}
	if len(common.Args) == len(callee.Params) {
		for i, arg := range common.Args {
			p := callee.Params[i]
			if slices.Contains(asked, w.a.paths.root(p)) {
				if value, equal, ok := constantOf(arg); ok {
					c.facts = append(c.facts, fact{path: w.a.paths.root(p), value: value, equal: equal})
				}
			}
			if fn, ff := w.target(arg); fn != nil && w.a.depth <= maxHandDown {
				c.funcs[p] = &closure{fn, ff.roots, ff.args, f}
			}
		}
	}
	return c
}

// inward returns what a path of the caller is called in the callee.
func (t *paths) inward(p *Path, f *frame) *Path {
	var best ssa.Value
	for v, arg := range f.args {
		// Of two parameters for one value the first one gives the name.
		if p == arg && (best == nil || v.Name() < best.Name()) {
			best = v
		}
	}
	if best != nil {
		return t.root(best)
	}
	if p.Base == nil {
		return p
	}
	base := t.inward(p.Base, f)
	switch {
	case p.Field != nil:
		return t.field(base, p.Field)
	case p.Deref:
		return t.deref(base)
	}
	return t.step(base, p.other, p.values)
}

// askedFor returns the paths that a function, or one that it calls, tests and that its
// caller may know about.
func (a *Analysis) askedFor(fn *ssa.Function) []*Path {
	if asked, ok := a.asked[fn]; ok {
		return asked
	}
	var asked []*Path
	a.asked[fn] = nil // ends a recursion
	add := func(p *Path) {
		if p == nil || len(asked) == maxTests {
			return
		}
		switch p.First().Root.(type) {
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
			if !slices.Contains(asked, p) {
				asked = append(asked, p)
			}
		}
	}
	for _, b := range fn.Blocks {
		if branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			add(a.paths.testOf(branch.Cond).path)
		}
	}
	w := &walker{a: a, fn: fn}
	for in := range ir.Instrs(fn) {
		call, ok := in.(*ssa.Call)
		if !ok {
			continue
		}
		callee := a.prog.StaticCallee(call)
		if callee == nil {
			continue
		}
		inner := a.askedFor(callee)
		if len(inner) == 0 {
			continue
		}
		f := &frame{args: w.argsOf(call.Common(), callee)}
		for _, p := range inner {
			if _, ok := p.First().Root.(*ssa.FreeVar); !ok {
				add(a.paths.translate(p, f))
			}
		}
	}
	a.asked[fn] = asked
	return asked
}

// released returns the locks of a function that others may unlock for it,
// whenever they like: those whose Unlock, or whose address, goes where it is
// not followed.
func (a *Analysis) released(fn *ssa.Function) map[*Path]bool {
	out := make(map[*Path]bool)
	w := &walker{a: a, fn: fn}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && !a.kind.Counted && !onlyCalled(mc, true) {
				for _, p := range a.unlocks(w, mc) {
					out[p] = true
				}
			}
			a.escaping(instr, out)
		}
	}
	return out
}

// onlyCalled reports whether a function value is nothing but called, deferred
// or started, or perhaps returned.
func onlyCalled(v ssa.Value, orReturned bool) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Return:
			if !orReturned {
				return false
			}
		case ssa.CallInstruction:
			if ref.Common().Value != v || slices.Contains(ref.Common().Args, v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// unlocks returns the locks that a function value unlocks though it does not
// lock them, as the function that makes it names them.
func (a *Analysis) unlocks(w *walker, mc *ssa.MakeClosure) []*Path {
	fn := mc.Fn.(*ssa.Function)
	if obj := objectOf(fn); obj != nil && len(mc.Bindings) == 1 {
		if a.kind.Releases(obj) {
			return []*Path{a.paths.Of(mc.Bindings[0])}
		}
	}
	callee, f := w.target(mc)
	if callee == nil {
		return nil
	}
	var out []*Path
	for _, o := range a.summary(callee, &context{}).outcomes {
		for _, h := range o.holds {
			if h.Write < 0 || h.Read < 0 || h.Unknown {
				if p := a.paths.translate(h.Lock, f); p != nil {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// escaping adds the locks whose address an instruction puts where it is not
// followed.
func (a *Analysis) escaping(instr ssa.Instruction, out map[*Path]bool) {
	mark := func(v ssa.Value) {
		if v != nil && a.kind.Handle(v.Type()) {
			out[a.paths.Of(v)] = true
		}
		if mi, ok := v.(*ssa.MakeInterface); ok && a.kind.Handle(mi.X.Type()) {
			out[a.paths.Of(mi.X)] = true
		}
	}
	switch instr := instr.(type) {
	case *ssa.Store:
		if _, ok := instr.Addr.(*ssa.Alloc); !ok {
			mark(instr.Val)
		}
	case *ssa.Send:
		mark(instr.X)
	case *ssa.Return:
		for _, r := range instr.Results {
			mark(r)
		}
	case *ssa.MapUpdate:
		mark(instr.Value)
	case ssa.CallInstruction:
		common := instr.Common()
		if a.operates(instr) {
			return
		}
		obj := ir.Object(common)
		if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync" {
			return // NewCond, or another method of the lock
		}
		callee := a.prog.StaticCallee(instr)
		for i, arg := range common.Args {
			if callee != nil && len(callee.Params) == len(common.Args) && a.onlyLocked(callee.Params[i]) {
				continue
			}
			mark(arg)
		}
	}
}

// onlyLocked reports whether a parameter is used for nothing but operations of
// its own.
func (a *Analysis) onlyLocked(p ssa.Value) bool {
	for _, ref := range *p.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp, *ssa.FieldAddr, *ssa.UnOp:
		default:
			if !a.operates(ref) {
				return false
			}
		}
	}
	return true
}

// closureReleases reports whether a function literal of fn, of which more becomes
// than to be called by name or returned, unlocks a lock that it does not lock.
func (a *Analysis) closureReleases(fn *ssa.Function, p *Path) bool {
	released, ok := a.literals[fn]
	if !ok {
		w := &walker{a: a, fn: fn}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok && !onlyCalled(mc, true) {
					released = append(released, a.unlocks(w, mc)...)
				}
			}
		}
		a.literals[fn] = released
	}
	return slices.Contains(released, p)
}

// place returns what stands for the variable at a path, over all functions:
// the declared field, the package-level variable, or the local one.
func place(p *Path) any {
	if p.Field != nil {
		return p.Field
	}
	if p.Base != nil {
		return nil
	}
	return cell(p.Root)
}

// cell returns the variable that a free variable stands for.
func cell(v ssa.Value) any {
	for range 10 {
		fv, ok := v.(*ssa.FreeVar)
		if !ok {
			break
		}
		outer := bindingOf(fv)
		if outer == nil {
			return fv
		}
		v = outer
	}
	return v
}

// bindingOf returns the value that a function literal captures, as the function
// around it has it.
func bindingOf(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	i := slices.Index(fn.FreeVars, fv)
	if fn.Parent() == nil {
		return nil // a method value
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn && i < len(mc.Bindings) {
				return mc.Bindings[i]
			}
		}
	}
	return nil
}

// assigned returns the variables that a function, or what it calls, assigns
// to, as place has them.
func (a *Analysis) assigned(fn *ssa.Function) map[any]bool {
	if vars, ok := a.stores[fn]; ok {
		return vars
	}
	vars := make(map[any]bool)
	a.stores[fn] = vars // ends a recursion; what is missing then is only unknown
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if fresh(instr.Addr) {
					continue
				}
				if pl := place(a.paths.Of(instr.Addr)); pl != nil {
					vars[pl] = true
				}
			case *ssa.MakeClosure:
				if inner := a.prog.Callee(instr.Fn.(*ssa.Function)); inner != nil {
					for v := range a.assigned(inner) {
						vars[v] = true
					}
				}
			case ssa.CallInstruction:
				if callee := a.prog.StaticCallee(instr); callee != nil {
					for v := range a.assigned(callee) {
						vars[v] = true
					}
				}
			}
		}
	}
	return vars
}

// fresh reports whether an address lies in an object that the function makes.
func fresh(addr ssa.Value) bool {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	for {
		switch x := f.X.(type) {
		case *ssa.FieldAddr:
			f = x
			continue
		case *ssa.Alloc:
			return true
		}
		return false
	}
}
