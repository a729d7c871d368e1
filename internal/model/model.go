// Package model says, for one function and all that it calls and starts, which
// goroutines there are, which channels, WaitGroups and other objects, and
// which operation touches which of them.
//
// A model is built for a root function. Each call of a function of the package
// becomes an Instance of its own, so that a helper which closes its parameter
// closes just the channel that it is given here; each go statement (and
// WaitGroup.Go, errgroup's Go, a callback that unknown code may run) starts a
// Thread. Values are followed by an inclusion-based points-to analysis
// (Andersen's) over the tree of instances, with fields told apart and with
// calls of closures, method values and interfaces resolved on the way.
//
// What the root is given, and what unknown functions return, are symbolic
// objects: they have an identity (the channel in field jobs of the receiver),
// but unknown code may use them too. An object of the root's own that gets
// into unknown hands is marked as escaped, with the field through which it
// went if it went through one. Nothing here is path sensitive; package flow
// walks the paths.
package model

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// Limits of one model. They are counted in steps, so that the result depends
// on the code only.
const (
	maxInstances = 250
	maxSteps     = 60_000
	maxDepth     = 12
	maxPath      = 4 // steps of an access path
	maxLeaves    = 200
	maxWork      = 10_000_000 // see work
)

// A Model is the result for one root.
type Model struct {
	Prog      *ir.Program
	Root      *Instance
	Instances []*Instance
	Threads   []*Thread

	// GaveUp is the limit that was hit, or empty. A model that gave up is
	// incomplete: nothing may be concluded from the absence of an operation.
	GaveUp string

	// Cut is set if calls beyond a limit were not entered and count as calls of
	// code that cannot be seen. What escaped to them is marked; what they do to
	// symbols is not known.
	Cut bool

	// Paths is for package flow to keep what it knows of the model.
	Paths any

	ops     []*Op
	byLoc   map[Loc][]*Op
	byInstr map[instrKey][]*Op

	sets    sets
	calls   []*Call // of all instances, see Instance.calls
	funcs   map[*ssa.Function]*Object
	globals map[*ssa.Global]*Object

	*solver // nil once the model is solved
}

type instrKey struct {
	inst  *Instance
	instr ssa.Instruction
}

// An Instance is one use of a function: the root, or the callee of one call in
// one instance.
type Instance struct {
	ID     int
	Fn     *ssa.Function
	Parent *Instance           // the caller; nil for roots of threads without one
	Site   ssa.CallInstruction // the call in Parent; nil for the root and callbacks
	Env    *Instance           // where the closure was made, for its free variables
	Thread *Thread

	closure *ssa.MakeClosure
	args    []ssa.Value // in Parent; nil if not known, or different in turn
	passed  bool
	effect  bool // see HasEffect

	layout *layout // of Fn
	values int32   // where those of the instance begin in Model.sets
	calls  int32   // where those of the instance begin in Model.calls

	// Maybe is set for a callback that known code runs before it returns, or
	// does not run at all.
	Maybe bool
}

// A ThreadKind says how a thread comes about.
type ThreadKind uint8

const (
	Main     ThreadKind = iota // the goroutine that calls the root
	Spawned                    // started by a go statement or by a Go method
	Callback                   // run by unknown code: at any time, or never
)

// A Thread is a goroutine of the model.
type Thread struct {
	ID     int
	Kind   ThreadKind
	Root   *Instance
	Parent *Thread

	// Inst and Site are the instance and the instruction that start the
	// thread; nil for Main and Callback.
	Inst *Instance
	Site ssa.CallInstruction

	callsUnknown bool // see CallsUnknown
}

// Here returns the position of the statement that starts a thread or, if that stands
// in a function of another package, of the call that leads there. It is NoPos for
// threads that no statement starts.
func (m *Model) Here(t *Thread) token.Pos {
	site := t.Site
	for inst := t.Inst; site != nil; inst = inst.Parent {
		if !m.Prog.IsLinked(site.Parent()) {
			return site.Pos()
		}
		if inst == nil {
			break
		}
		if site = inst.Site; site == nil && inst.Thread != nil && inst.Thread != t {
			return m.Here(inst.Thread)
		}
	}
	return token.NoPos
}

// An ObjectKind is what an Object stands for.
type ObjectKind uint8

const (
	Memory   ObjectKind = iota // a variable, or what new, make or a literal allocates
	Chan                       // a channel made by make
	Func                       // a function or closure
	Context                    // a context derived from another, or a root context
	DoneChan                   // the channel that Done of a context returns
	Symbol                     // something unknown that has an identity
	Global                     // a package-level variable
)

// An Object is something that values can refer to.
type Object struct {
	ID   int
	Type types.Type // of the memory, channel or value
	Inst *Instance  // where it comes into being; nil for globals and functions
	Site ssa.Value  // what makes it
	Fn   *ssa.Function
	Kind ObjectKind

	// Parent is the context from which a Context is derived, and the context
	// of a DoneChan; the points-to set of the value is the answer.
	Parent Ref

	Escapes []Escape

	depth int32 // of symbols behind symbols
}

// An Escape tells how an object got into unknown hands.
type Escape struct {
	Path     string     // the part of the object that escaped; empty for all of it
	Via      *types.Var // the field or variable that it was stored in, or nil
	Returned bool       // returned by the root
	RecvOnly bool       // as a channel that can only be received from there
}

// A Ref is a value in an instance.
type Ref struct {
	Inst  *Instance
	Value ssa.Value
}

// A Loc is an object, or the part of it at an access path such as ".2[]".
type Loc struct {
	Obj  *Object
	Path string
}

// A Call is what is known of one call site in one instance.
type Call struct {
	Callees []*Instance
	Unknown bool // it may also enter code that cannot be seen

	external bool // that code's effects are in the constraints
	keeps    bool // it may use what it is given, or knows already, at will
}

// A Builder builds the models of the roots of one package. What does not depend
// on the root is computed once.
type Builder struct {
	prog     *ir.Program
	layouts  map[*ssa.Function]*layout
	leaves   map[types.Type][]string
	assigned map[*ssa.Alloc]bool // see assignedHere
}

// NewBuilder returns a Builder for the functions of prog.
func NewBuilder(prog *ir.Program) *Builder {
	return &Builder{
		prog:     prog,
		layouts:  make(map[*ssa.Function]*layout),
		leaves:   make(map[types.Type][]string),
		assigned: make(map[*ssa.Alloc]bool),
	}
}

// Build builds the model of a root function of prog.
func Build(prog *ir.Program, root *ssa.Function) *Model { return NewBuilder(prog).Build(root) }

// Build builds the model of a root function.
func (b *Builder) Build(root *ssa.Function) *Model {
	m := &Model{
		Prog:    b.prog,
		funcs:   make(map[*ssa.Function]*Object),
		globals: make(map[*ssa.Global]*Object),
		solver:  newSolver(b),
	}
	main := m.newThread(&Thread{Kind: Main})
	m.Root = m.newInstance(&Instance{Fn: root, Thread: main})
	main.Root = m.Root
	m.symbolicParams(m.Root)
	m.solve()
	if m.GaveUp == "" {
		m.returned()
		m.solve()
	}
	m.shrink()
	m.collectOps() // names the functions and globals that operations are on
	m.solver = nil
	return m
}

func (m *Model) newThread(t *Thread) *Thread {
	t.ID = len(m.Threads)
	m.Threads = append(m.Threads, t)
	return t
}

func (m *Model) newInstance(i *Instance) *Instance {
	i.ID = len(m.Instances)
	m.Instances = append(m.Instances, i)
	m.visits = append(m.visits, i)
	i.layout = m.layoutOf(i.Fn)
	i.values, i.calls = int32(m.values), int32(len(m.calls))
	m.values += int(i.layout.values)
	m.nodes = append(m.nodes, make([]*node, i.layout.values))
	m.calls = append(m.calls, make([]*Call, i.layout.calls)...)
	return i
}

func (m *Model) giveUp(reason string) {
	if m.GaveUp == "" {
		m.GaveUp = reason
	}
}

// Depth returns the number of calls and starts between the root and i.
func (i *Instance) Depth() int {
	n := 0
	for ; i.Parent != nil; i = i.Parent {
		n++
	}
	return n
}

// Closure returns the instruction in Env that made the closure of which i is
// an execution, or nil where i executes a plain function.
func (i *Instance) Closure() *ssa.MakeClosure { return i.closure }

// Argument returns what a parameter of i is given, a value in i.Parent, or nil
// where that is not one known value.
func (i *Instance) Argument(p *ssa.Parameter) ssa.Value {
	if n := slices.Index(i.Fn.Params, p); n >= 0 && n < len(i.args) {
		return i.args[n]
	}
	return nil
}

// CallsUnknown reports whether a thread calls code that cannot be seen and that
// may keep or use what it is given or knows already: the functions of the
// standard library that do neither are not meant.
func (m *Model) CallsUnknown(t *Thread) bool { return t.callsUnknown }

// Callees returns what is known of a call in an instance; never nil. The caller
// must not change it.
func (m *Model) Callees(inst *Instance, site ssa.CallInstruction) *Call {
	if n := inst.layout.call(site); n >= 0 {
		if c := m.calls[inst.calls+n]; c != nil {
			return c
		}
	}
	return &Call{}
}

func (m *Model) callAt(inst *Instance, site ssa.CallInstruction) *Call {
	c := &m.calls[inst.calls+inst.layout.call(site)]
	if *c == nil {
		*c = &Call{}
	}
	return *c
}

// object returns the object with the given key, made by mk the first time.
func (m *Model) object(k objectKey, mk func() *Object) *Object {
	o := m.objects[k]
	if o == nil {
		o = m.newObject(mk())
		m.objects[k] = o
	}
	return o
}

func (m *Model) newObject(o *Object) *Object {
	o.ID = m.created
	m.created++
	return o
}

// made returns the object that a value brings into being in an instance.
func (m *Model) made(inst *Instance, site ssa.Value, path string, kind ObjectKind, t types.Type) *Object {
	return m.object(objectKey{inst: inst, site: site, path: path, kind: kind}, func() *Object {
		return &Object{Kind: kind, Type: t, Inst: inst, Site: site}
	})
}

// symbol returns the unknown value at a path of a value.
func (m *Model) symbol(inst *Instance, v ssa.Value, path string, t types.Type) Loc {
	return Loc{Obj: m.made(inst, v, path, Symbol, pointee(t))}
}

// content returns the unknown value in a cell of a symbol or global.
func (m *Model) content(cell *node, t types.Type) Loc {
	o := m.object(objectKey{site: cell, kind: Symbol}, func() *Object {
		return &Object{Kind: Symbol, Type: pointee(t), Inst: cell.obj.Inst, depth: cell.obj.depth + 1}
	})
	return Loc{Obj: o}
}

// pointee returns the element type of a pointer, and other types unchanged: a
// symbol of pointer type stands for the memory behind it.
func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// symbolicParams gives the parameters of an instance that unknown code calls
// values that are unknown but have an identity.
func (m *Model) symbolicParams(inst *Instance) {
	for _, p := range inst.Fn.Params {
		for _, path := range m.leavesOf(p.Type()) {
			m.add(m.value(inst, p, path), m.symbol(inst, p, path, leafType(p.Type(), path)))
		}
	}
}

// returned marks what the root returns as escaped.
func (m *Model) returned() {
	sig := m.Root.Fn.Signature
	for i := range sig.Results().Len() {
		for _, path := range m.leavesOf(sig.Results().At(i).Type()) {
			recvOnly := isRecvOnly(leafType(sig.Results().At(i).Type(), path))
			m.watch(m.result(m.Root, i, path), func(l Loc) {
				m.escape(l, Escape{Path: l.Path, Returned: true, RecvOnly: recvOnly})
			})
		}
	}
}

// PointsTo returns what a value in an instance may refer to. The caller must
// not change the slice.
func (m *Model) PointsTo(inst *Instance, v ssa.Value) []Loc {
	switch v := v.(type) {
	case *ssa.Function:
		return []Loc{{Obj: m.function(v)}}
	case *ssa.Global:
		return []Loc{{Obj: m.global(v)}}
	}
	if n := inst.layout.value(v); n >= 0 {
		return m.sets.of(inst.values + n)
	}
	return nil
}

// Escaped reports whether unknown code may touch the part of an object at loc,
// other than through the memory of symbols it already belonged to.
func (l Loc) Escaped() bool {
	if l.Obj.Kind == Symbol || l.Obj.Kind == Global {
		return true
	}
	for _, e := range l.Obj.Escapes {
		if hasPrefix(l.Path, e.Path) {
			return true
		}
	}
	return false
}

// Own reports whether the object at loc comes into being in the model, as
// opposed to being given to it.
func (l Loc) Own() bool { return l.Obj.Kind == Memory || l.Obj.Kind == Chan }

// Field returns the struct field that a location names by its last step, or
// nil.
func (l Loc) Field() *types.Var { return fieldAt(l.Obj.Type, l.Path) }

// Pos returns where the object comes into being, or NoPos.
func (o *Object) Pos() token.Pos {
	if o.Site != nil {
		return o.Site.Pos()
	}
	return token.NoPos
}

// Ancestor reports whether t started u, directly or through others, or is u.
func (t *Thread) Ancestor(u *Thread) bool {
	for ; u != nil; u = u.Parent {
		if t == u {
			return true
		}
	}
	return false
}

// Child returns the thread that t starts on the way to its descendant u, or nil
// if u does not descend from t.
func (t *Thread) Child(u *Thread) *Thread {
	for ; u != nil && u.Parent != nil; u = u.Parent {
		if u.Parent == t {
			return u
		}
	}
	return nil
}

// Shared reports whether a thread may be started more than once while o is one
// and the same object: the start is in a loop that does not make the object
// anew in each turn.
func (m *Model) Shared(t *Thread, o *Object) bool {
	if t.Site == nil || o.Inst == nil {
		return true
	}
	base := o.Inst
	since, _ := o.Site.(ssa.Instruction)
	for !Within(t.Inst, base) {
		if base.Parent == nil || base.Site == nil {
			return true
		}
		base, since = base.Parent, base.Site
	}
	return m.repeats(t.Inst, t.Site, base, since)
}

// Several reports whether a thread stands for several goroutines: its start is
// in a loop of the function that starts it.
func (m *Model) Several(t *Thread) bool {
	return t.Site != nil && m.Prog.Loops(t.Inst.Fn).Innermost(t.Site.Block()) != nil
}

// Within reports whether base is inst or one of its callers, across threads.
func Within(inst, base *Instance) bool {
	for ; inst != nil; inst = inst.Parent {
		if inst == base {
			return true
		}
	}
	return false
}

// repeats reports whether instr in inst can be executed more than once for one
// execution of since in base, a caller of inst.
func (m *Model) repeats(inst *Instance, instr ssa.Instruction, base *Instance, since ssa.Instruction) bool {
	for {
		loop := m.Prog.Loops(inst.Fn).Innermost(instr.Block())
		for ; loop != nil; loop = loop.Parent {
			if inst == base && since != nil && loop.Contains(since.Block()) {
				break // each turn of the loop has an object of its own
			}
			return true
		}
		if inst == base || inst.Parent == nil || inst.Site == nil {
			return false
		}
		inst, instr = inst.Parent, inst.Site
	}
}
