package model

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// A solver is what a model needs only until it is solved.
type solver struct {
	*Builder
	nodes   [][]*node // by instance and number of the value
	parts   map[partKey]*node
	results map[resultKey]*node
	locs    []Loc     // by number
	places  [][]place // the numbers of the first locations in an object, by object
	others  map[Loc]locID
	cells   []*node // by number of the location; nil for what is no cell
	cellsOf map[*Object][]*node
	objects map[objectKey]*Object
	created int // objects
	values  int // of all instances
	queue   []*node
	visits  []*Instance
	steps   int
	worked  int
}

func newSolver(b *Builder) *solver {
	return &solver{
		Builder: b,
		parts:   make(map[partKey]*node),
		results: make(map[resultKey]*node),
		others:  make(map[Loc]locID),
		cellsOf: make(map[*Object][]*node),
		objects: make(map[objectKey]*Object),
	}
}

// A locID is the number of a location while a model is being solved.
type locID int32

// A place is a location in an object, and its number. Most objects have few, which
// are found faster in a list than in a map.
type place struct {
	path string
	id   locID
}

const maxPlaces = 16

// A node is a set of locations: what a value in an instance, a result of an
// instance, or a cell of an object may refer to.
type node struct {
	obj   *Object // of a cell
	path  string  // of a cell
	pts   []locID
	has   []uint64 // a bit for each of pts, where they are many
	succs []*node
	watch []func(Loc)

	done   int  // how many of pts have been passed on
	queued bool // waiting for that
	seeded bool // an unknown cell whose content has been named
}

// manyLocs is the number of locations from which on a node has bits for them.
const manyLocs = 8

// contains reports whether a location is in the set.
func (n *node) contains(l locID) bool {
	if n.has != nil {
		return int(l>>6) < len(n.has) && n.has[l>>6]&(1<<(l&63)) != 0
	}
	return slices.Contains(n.pts, l)
}

func (n *node) insert(l locID) {
	n.pts = append(n.pts, l)
	switch {
	case n.has != nil:
		n.mark(l)
	case len(n.pts) > manyLocs:
		for _, l := range n.pts {
			n.mark(l)
		}
	}
}

func (n *node) mark(l locID) {
	if more := int(l>>6) + 1 - len(n.has); more > 0 {
		n.has = append(n.has, make([]uint64, more)...)
	}
	n.has[l>>6] |= 1 << (l & 63)
}

// A partKey names the part of a value at a path, or a value that the layout of
// its instance does not number.
type partKey struct {
	inst  *Instance
	value ssa.Value
	path  string
}

// A resultKey names a part of a result of an instance.
type resultKey struct {
	inst  *Instance
	index int
	path  string
}

// An objectKey names an object by what brings it into being.
type objectKey struct {
	inst *Instance
	site any // ssa.Value; *node for the contents of a cell; *Object for the channel of a context
	path string
	kind ObjectKind
}

// nodeIn returns the node with the given key, and whether it is a new one.
func nodeIn[K comparable](nodes map[K]*node, k K) (n *node, isNew bool) {
	n, ok := nodes[k]
	if !ok {
		n = new(node)
		nodes[k] = n
	}
	return n, !ok
}

// value returns the node of a value, or of the part of it at path.
func (m *Model) value(inst *Instance, v ssa.Value, path string) *node {
	if path == "" {
		if i := inst.layout.value(v); i >= 0 {
			n := &m.nodes[inst.ID][i]
			if *n == nil {
				*n = new(node)
			}
			return *n
		}
	}
	n, isNew := nodeIn(m.parts, partKey{inst, v, path})
	if !isNew {
		return n
	}
	switch v := v.(type) {
	case *ssa.Function:
		m.add(n, Loc{Obj: m.function(v)})
	case *ssa.Global:
		m.add(n, Loc{Obj: m.global(v)})
	}
	return n
}

func (m *Model) result(inst *Instance, i int, path string) *node {
	n, _ := nodeIn(m.results, resultKey{inst, i, path})
	return n
}

// cell returns the node of the memory at a location. What is stored in memory
// that unknown code can reach escapes.
func (m *Model) cell(l Loc) *node {
	id := m.locID(l)
	if n := m.cells[id]; n != nil {
		return n
	}
	n := &node{obj: l.Obj, path: l.Path}
	m.cells[id] = n
	m.cellsOf[l.Obj] = append(m.cellsOf[l.Obj], n)
	switch l.Obj.Kind {
	case Symbol, Global:
		m.cellEscapes(n, nil)
	default:
		for _, e := range l.Obj.Escapes {
			if hasPrefix(l.Path, e.Path) {
				m.cellEscapes(n, e.Via)
			}
		}
	}
	return n
}

// cellEscapes makes what the cell holds escape. The field that the cell is
// names the way; the elements of slices and maps go the way of their owner.
func (m *Model) cellEscapes(n *node, via *types.Var) {
	if f := fieldAt(n.obj.Type, n.path); f != nil {
		via = f
	} else if g, ok := n.obj.Site.(*ssa.Global); ok {
		via, _ = g.Object().(*types.Var)
	}
	m.watch(n, func(l Loc) {
		if n.obj.Kind == Symbol && l.Obj.Kind == Symbol {
			return // the unknown was there before
		}
		m.escape(l, Escape{Path: l.Path, Via: via})
	})
}

// unknownCell names the content of a cell that unknown code fills.
func (m *Model) unknownCell(l Loc, t types.Type) *node {
	n := m.cell(l)
	if !n.seeded && (l.Obj.Kind == Symbol || l.Obj.Kind == Global) && l.Obj.depth < maxPath {
		n.seeded = true
		m.add(n, m.content(n, t))
	}
	return n
}

// locID returns the number of a location.
func (m *Model) locID(l Loc) locID {
	if more := l.Obj.ID + 1 - len(m.places); more > 0 {
		m.places = append(m.places, make([][]place, more)...)
	}
	places := m.places[l.Obj.ID]
	for i := range places {
		if places[i].path == l.Path {
			return places[i].id
		}
	}
	if len(places) == maxPlaces {
		if id, ok := m.others[l]; ok {
			return id
		}
	}
	id := locID(len(m.locs))
	m.locs = append(m.locs, l)
	m.cells = append(m.cells, nil)
	if len(places) < maxPlaces {
		m.places[l.Obj.ID] = append(places, place{l.Path, id})
	} else {
		m.others[l] = id
	}
	return id
}

func (m *Model) add(n *node, l Loc) { m.addID(n, m.locID(l)) }

func (m *Model) addID(n *node, l locID) {
	if m.GaveUp != "" || n.contains(l) {
		return
	}
	if m.steps++; m.steps > maxSteps {
		m.giveUp("too many values")
		return
	}
	n.insert(l)
	if !n.queued {
		n.queued = true
		m.queue = append(m.queue, n)
	}
}

func (m *Model) edge(from, to *node) {
	if from == to || !m.work(1+len(from.succs)) {
		return
	}
	for _, s := range from.succs {
		if s == to {
			return
		}
	}
	from.succs = append(from.succs, to)
	for i := 0; i < len(from.pts); i++ {
		m.addID(to, from.pts[i])
	}
}

// watch calls f for each location of n, those still to come included.
func (m *Model) watch(n *node, f func(Loc)) {
	n.watch = append(n.watch, f)
	for i, end := 0, n.done; i < end; i++ {
		f(m.locs[n.pts[i]])
	}
}

// solve propagates until nothing changes.
func (m *Model) solve() {
	for m.GaveUp == "" {
		switch {
		case len(m.visits) > 0:
			inst := m.visits[0]
			m.visits = m.visits[1:]
			m.visit(inst)
		case len(m.queue) > 0:
			n := m.queue[len(m.queue)-1]
			m.queue = m.queue[:len(m.queue)-1]
			n.queued = false
			m.propagate(n)
		default:
			return
		}
	}
}

// propagate passes on what is new in a node.
func (m *Model) propagate(n *node) {
	for n.done < len(n.pts) {
		l := n.pts[n.done]
		n.done++ // a watcher added from here on has seen l
		for i, end := 0, len(n.watch); i < end; i++ {
			n.watch[i](m.locs[l])
		}
		if !m.work(len(n.succs)) {
			return
		}
		for i := 0; i < len(n.succs); i++ {
			m.addID(n.succs[i], l)
		}
	}
}

// escape marks an object, and all that can be reached from it, as in unknown
// hands.
func (m *Model) escape(l Loc, e Escape) {
	o := l.Obj
	if o.Kind == Symbol || o.Kind == Global {
		return // it always was
	}
	for _, old := range o.Escapes {
		if old == e {
			return
		}
	}
	if len(o.Escapes) > 8 {
		return // further ways add nothing
	}
	o.Escapes = append(o.Escapes, e)
	for _, c := range m.cellsOf[o] {
		if hasPrefix(c.path, e.Path) {
			m.cellEscapes(c, e.Via)
		}
	}
	if o.Kind == Func {
		m.callback(o)
	}
}

// callback makes an instance of a function that unknown code may call. What the
// function captured does not escape with it: only its own body gets at that.
func (m *Model) callback(o *Object) {
	fn := m.Prog.Callee(o.Fn)
	if fn == nil {
		return
	}
	if len(m.Instances) >= maxInstances {
		m.Cut = true
		m.letGo(o)
		return
	}
	t := &Thread{Kind: Callback}
	inst := &Instance{Fn: fn, Env: o.Inst}
	if o.Inst != nil {
		t.Parent = o.Inst.Thread
		for a := o.Inst; a != nil; a = a.Parent {
			if a.Fn == fn {
				return // a function that hands out itself
			}
		}
	}
	inst.Thread = m.newThread(t)
	t.Root = m.newInstance(inst)
	m.bind(inst, o)
	m.symbolicParams(inst)
}

// letGo gives up what a closure captured: its body is not looked into.
func (m *Model) letGo(o *Object) {
	if mc, ok := o.Site.(*ssa.MakeClosure); ok {
		for _, b := range mc.Bindings {
			m.watch(m.value(o.Inst, b, ""), func(l Loc) { m.escape(l, Escape{Path: l.Path}) })
		}
	}
}

// function returns the object of a plain function.
func (m *Model) function(fn *ssa.Function) *Object {
	return known(m, m.funcs, fn, func() *Object {
		return &Object{Kind: Func, Type: fn.Signature, Site: fn, Fn: fn}
	})
}

func (m *Model) global(g *ssa.Global) *Object {
	return known(m, m.globals, g, func() *Object {
		return &Object{Kind: Global, Type: pointee(g.Type()), Site: g}
	})
}

// known returns the object of a function or variable of the package, made by mk
// the first time.
func known[K comparable](m *Model, objects map[K]*Object, k K, mk func() *Object) *Object {
	o := objects[k]
	if o == nil {
		o = mk()
		if m.solver == nil {
			return o // nothing in the model refers to it; other goroutines read the map
		}
		objects[k] = m.newObject(o)
	}
	return o
}

// closure returns the object of the closure that mc makes in inst.
func (m *Model) closure(inst *Instance, mc *ssa.MakeClosure) *Object {
	return m.object(objectKey{inst: inst, site: mc, kind: Func}, func() *Object {
		fn := mc.Fn.(*ssa.Function)
		return &Object{Kind: Func, Type: fn.Signature, Inst: inst, Site: mc, Fn: fn}
	})
}

// copyValue lets all references in one value flow to another of the same shape.
func (m *Model) copyValue(inst *Instance, from ssa.Value, fromPath string, to ssa.Value, toPath string, t types.Type) {
	if c, ok := from.(*ssa.Const); ok && c.Value == nil {
		return // nil refers to nothing
	}
	for _, p := range m.leavesOf(t) {
		m.edge(m.value(inst, from, fromPath+p), m.value(inst, to, toPath+p))
	}
}

// copyAcross is copyValue between two instances.
func (m *Model) copyAcross(fromInst *Instance, from ssa.Value, toInst *Instance, to ssa.Value) {
	if c, ok := from.(*ssa.Const); ok && c.Value == nil {
		return
	}
	for _, p := range m.leavesOf(to.Type()) {
		m.edge(m.value(fromInst, from, p), m.value(toInst, to, p))
	}
}

// visit turns the instructions of an instance into constraints.
func (m *Model) visit(inst *Instance) {
	for _, b := range inst.Fn.Blocks {
		for _, instr := range b.Instrs {
			m.instr(inst, instr)
			if m.GaveUp != "" {
				return
			}
		}
	}
}

func (m *Model) instr(inst *Instance, instr ssa.Instruction) {
	switch v := instr.(type) {
	case *ssa.Alloc:
		m.add(m.value(inst, v, ""), Loc{Obj: m.made(inst, v, "", Memory, pointee(v.Type()))})
	case *ssa.MakeChan:
		m.add(m.value(inst, v, ""), Loc{Obj: m.made(inst, v, "", Chan, v.Type())})
	case *ssa.MakeSlice, *ssa.MakeMap:
		x := v.(ssa.Value)
		m.add(m.value(inst, x, ""), Loc{Obj: m.made(inst, x, "", Memory, x.Type())})
	case *ssa.MakeClosure:
		m.add(m.value(inst, v, ""), Loc{Obj: m.closure(inst, v)})
	case *ssa.FieldAddr:
		m.offset(inst, v.X, v, "."+strconv.Itoa(v.Field))
	case *ssa.IndexAddr:
		m.offset(inst, v.X, v, "[]")
	case *ssa.Field:
		m.copyValue(inst, v.X, "."+strconv.Itoa(v.Field), v, "", v.Type())
	case *ssa.Index:
		m.copyValue(inst, v.X, "[]", v, "", v.Type())
	case *ssa.Lookup:
		m.load(inst, v.X, "[]", v, tupleFirst(v, v.CommaOk))
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			if env, stores, ok := m.reaching(inst, v); ok {
				for _, st := range stores {
					m.copyAcross(env, st.Val, inst, v)
				}
				return
			}
			m.load(inst, v.X, "", v, "")
		case token.ARROW:
			m.load(inst, v.X, "<>", v, tupleFirst(v, v.CommaOk))
		}
	case *ssa.Store:
		m.store(inst, v.Addr, "", v.Val)
	case *ssa.MapUpdate:
		m.store(inst, v.Map, "[]", v.Value)
		m.store(inst, v.Map, "[k]", v.Key)
	case *ssa.Send:
		m.store(inst, v.Chan, "<>", v.X)
	case *ssa.Select:
		m.selects(inst, v)
	case *ssa.Phi:
		for _, e := range v.Edges {
			m.copyValue(inst, e, "", v, "", v.Type())
		}
	case *ssa.ChangeType:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.ChangeInterface:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.Convert:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.MultiConvert:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.SliceToArrayPointer:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.Slice:
		m.copyValue(inst, v.X, "", v, "", v.Type())
	case *ssa.MakeInterface:
		// The interface refers to what the value refers to.
		m.copyValue(inst, v.X, "", v, "", v.X.Type())
		m.hide(inst, v.X)
	case *ssa.TypeAssert:
		m.copyValue(inst, v.X, "", v, tupleFirst(v, v.CommaOk), v.AssertedType)
	case *ssa.Extract:
		m.copyValue(inst, v.Tuple, "#"+strconv.Itoa(v.Index), v, "", v.Type())
	case *ssa.Range:
		m.copyValue(inst, v.X, "", v, "", v.X.Type())
	case *ssa.Next:
		if !v.IsString {
			m.loadAt(inst, v.Iter, "[k]", v, "#1", v.Type().(*types.Tuple).At(1).Type())
			m.loadAt(inst, v.Iter, "[]", v, "#2", v.Type().(*types.Tuple).At(2).Type())
		}
	case *ssa.Return:
		for i, r := range v.Results {
			for _, p := range m.leavesOf(r.Type()) {
				m.edge(m.value(inst, r, p), m.result(inst, i, p))
			}
		}
	case ssa.CallInstruction:
		m.call(inst, v)
	}
}

// hide lets what a struct in an interface refers to escape: paths within
// interfaces are not followed.
func (m *Model) hide(inst *Instance, v ssa.Value) {
	for _, p := range m.leavesOf(v.Type()) {
		if p != "" {
			m.watch(m.value(inst, v, p), func(l Loc) { m.escape(l, Escape{Path: l.Path}) })
		}
	}
}

func tupleFirst(v ssa.Value, commaOk bool) string {
	if commaOk {
		return "#0"
	}
	return ""
}

// offset makes v the address of a part of what x points to.
func (m *Model) offset(inst *Instance, x, v ssa.Value, step string) {
	to := m.value(inst, v, "")
	m.watch(m.value(inst, x, ""), func(l Loc) {
		if countSteps(l.Path) < maxPath {
			m.add(to, Loc{l.Obj, l.Path + step})
		} else {
			m.escape(l, Escape{Path: l.Path}) // too deep to follow
		}
	})
}

// load lets what is stored at a path behind addr flow to part of v.
func (m *Model) load(inst *Instance, addr ssa.Value, step string, v ssa.Value, to string) {
	t := v.Type()
	if to != "" {
		t = t.(*types.Tuple).At(0).Type()
	}
	m.loadAt(inst, addr, step, v, to, t)
}

func (m *Model) loadAt(inst *Instance, addr ssa.Value, step string, v ssa.Value, to string, t types.Type) {
	paths := m.leavesOf(t)
	if len(paths) == 0 {
		return
	}
	m.watch(m.value(inst, addr, ""), func(l Loc) {
		for _, p := range paths {
			m.edge(m.unknownCell(Loc{l.Obj, l.Path + step + p}, leafType(t, p)), m.value(inst, v, to+p))
		}
	})
}

// store lets the references in v flow to the memory at a path behind addr.
func (m *Model) store(inst *Instance, addr ssa.Value, step string, v ssa.Value) {
	if c, ok := v.(*ssa.Const); ok && c.Value == nil {
		return
	}
	paths := m.leavesOf(v.Type())
	if len(paths) == 0 {
		return
	}
	m.watch(m.value(inst, addr, ""), func(l Loc) {
		for _, p := range paths {
			m.edge(m.value(inst, v, p), m.cell(Loc{l.Obj, l.Path + step + p}))
		}
	})
}

func (m *Model) selects(inst *Instance, v *ssa.Select) {
	received := 2
	for _, s := range v.States {
		if s.Dir == types.SendOnly {
			m.store(inst, s.Chan, "<>", s.Send)
			continue
		}
		t := v.Type().(*types.Tuple).At(received).Type()
		m.loadAt(inst, s.Chan, "<>", v, "#"+strconv.Itoa(received), t)
		received++
	}
}

// bind connects the free variables of an instance with the closure's bindings.
func (m *Model) bind(inst *Instance, o *Object) {
	mc, ok := o.Site.(*ssa.MakeClosure)
	if !ok {
		return
	}
	inst.closure = mc
	for i, fv := range inst.Fn.FreeVars {
		for _, p := range m.leavesOf(fv.Type()) {
			m.edge(m.value(o.Inst, mc.Bindings[i], p), m.value(inst, fv, p))
		}
		if len(m.leavesOf(fv.Type())) == 0 {
			// The address of a plain variable: no reference is followed, but
			// two closures must agree that it is one variable.
			m.edge(m.value(o.Inst, mc.Bindings[i], ""), m.value(inst, fv, ""))
		}
	}
}
