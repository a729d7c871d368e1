package machine

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// code is a function prepared for execution: each value has a slot in the
// frame, and each operand is a slot or a constant.
type code struct {
	fn      *ssa.Function
	slots   int
	params  []int32
	free    []int32
	blocks  []*block
	consts  []Value
	recover *block
	slot    map[ssa.Value]int32
}

// slotOf returns the slot of a value of the function.
func (c *code) slotOf(v ssa.Value) (int32, bool) {
	s, ok := c.slot[v]
	return s, ok
}

// block is a basic block.
type block struct {
	ssa    *ssa.BasicBlock
	instrs []instr
	succs  []*block
	phis   int
	// header: the target of a back edge. loop counts such blocks from zero.
	header bool
	loop   int
	// inside are the blocks of its loop, for a header.
	inside map[*ssa.BasicBlock]bool
	// test is the header of the loop that the branch at the end of the block
	// enters, leaves or turns in; nil if it is no loop's condition.
	test *block
	// skip is where control goes on when the branch at the end of the block
	// decides nothing that matters, and forgotten what is then unknown.
	skip   *block
	forgot []*ssa.Store
}

type instr struct {
	in  ssa.Instruction
	ops []int32
	dst int32 // slot of the result, or -1
}

// globalRef stands for the address of a package-level variable.
type globalRef struct{ g *ssa.Global }

// none marks an operand that is left out, such as the bound of a slice.
const none = int32(-1 << 31)

// compile prepares a function, once.
func (p *Program) compile(fn *ssa.Function) *code {
	if c := p.codes[fn]; c != nil {
		return c
	}
	c := &code{fn: fn}
	p.codes[fn] = c
	c.number()
	consts := make(map[ssa.Value]int32)
	c.blocks = make([]*block, len(fn.Blocks))
	for i, b := range fn.Blocks {
		c.blocks[i] = &block{ssa: b}
		if b == fn.Recover {
			c.recover = c.blocks[i]
		}
	}
	for _, bl := range c.blocks {
		c.fill(bl, consts)
	}
	c.findLoops()
	c.findTests()
	p.slice(c)
	return c
}

// number gives each value of the function a slot.
func (c *code) number() {
	c.slot = make(map[ssa.Value]int32)
	add := func(v ssa.Value) int32 {
		c.slot[v] = int32(c.slots)
		c.slots++
		return c.slot[v]
	}
	for _, v := range c.fn.Params {
		c.params = append(c.params, add(v))
	}
	for _, v := range c.fn.FreeVars {
		c.free = append(c.free, add(v))
	}
	for _, b := range c.fn.Blocks {
		for _, in := range b.Instrs {
			if v, ok := in.(ssa.Value); ok {
				add(v)
			}
		}
	}
}

// fill prepares the instructions of a block. consts holds the numbers of the
// constants met so far.
func (c *code) fill(bl *block, consts map[ssa.Value]int32) {
	var rands []*ssa.Value
	bl.instrs = make([]instr, len(bl.ssa.Instrs))
	for j, in := range bl.ssa.Instrs {
		rands = in.Operands(rands[:0])
		ops := make([]int32, len(rands))
		for k, r := range rands {
			ops[k] = c.operand(*r, consts)
		}
		dst := int32(-1)
		if v, ok := in.(ssa.Value); ok {
			dst = c.slot[v]
		}
		bl.instrs[j] = instr{in: in, ops: ops, dst: dst}
		if _, ok := in.(*ssa.Phi); ok {
			bl.phis = j + 1
		}
	}
	for _, s := range bl.ssa.Succs {
		bl.succs = append(bl.succs, c.blocks[s.Index])
	}
}

// operand returns the slot of an operand, or the number of a constant, as a
// negative one.
func (c *code) operand(v ssa.Value, consts map[ssa.Value]int32) int32 {
	if v == nil {
		return none
	}
	if s, ok := c.slot[v]; ok {
		return s
	}
	if i, ok := consts[v]; ok {
		return i
	}
	c.consts = append(c.consts, constantValue(v))
	i := -int32(len(c.consts))
	consts[v] = i
	return i
}

// findLoops marks the headers of loops.
func (c *code) findLoops() {
	n := 0
	for _, bl := range c.blocks {
		var latches []*ssa.BasicBlock
		for _, pred := range bl.ssa.Preds {
			if bl.ssa.Dominates(pred) {
				latches = append(latches, pred)
			}
		}
		if len(latches) == 0 {
			continue
		}
		bl.header, bl.loop = true, n
		n++
		bl.inside = map[*ssa.BasicBlock]bool{bl.ssa: true}
		for len(latches) > 0 {
			b := latches[len(latches)-1]
			latches = latches[:len(latches)-1]
			if !bl.inside[b] {
				bl.inside[b] = true
				latches = append(latches, b.Preds...)
			}
		}
	}
}

// findTests finds the branches that decide whether a loop turns once more. The
// condition stands in the header, or, as in a range over a number, before the
// loop and at its end.
func (c *code) findTests() {
	var headers []*block
	for _, bl := range c.blocks {
		if bl.header {
			headers = append(headers, bl)
		}
	}
	for _, bl := range c.blocks {
		if len(bl.succs) != 2 {
			continue
		}
		for _, h := range headers {
			in0, in1 := h.inside[bl.succs[0].ssa], h.inside[bl.succs[1].ssa]
			if in0 == in1 {
				continue
			}
			leaves := h.inside[bl.ssa] && (bl == h || bl.succs[0] == h || bl.succs[1] == h)
			enters := !h.inside[bl.ssa] && (bl.succs[0] == h || bl.succs[1] == h)
			if leaves || enters {
				bl.test = h
			}
		}
	}
}

// constantValue returns the value of an operand that is no slot.
func constantValue(v ssa.Value) Value {
	switch v := v.(type) {
	case *ssa.Const:
		return constOf(v)
	case *ssa.Function:
		return &Func{fn: v}
	case *ssa.Builtin:
		return &Func{name: v.Name()}
	case *ssa.Global:
		return globalRef{v}
	}
	return nil
}

// symConstant is a constant that the machine does not compute with.
type symConstant struct {
	text string
	typ  types.Type
}

// zeroConst is the zero constant of a type.
type zeroConst struct{ typ types.Type }

func constOf(c *ssa.Const) Value {
	if c.Value == nil {
		return zeroConst{c.Type()}
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return constant.BoolVal(c.Value)
	case constant.Int:
		if i, ok := constant.Int64Val(c.Value); ok {
			return i
		}
	case constant.String:
		return constant.StringVal(c.Value)
	}
	return symConstant{c.Value.ExactString(), c.Type()}
}

// frame is the activation of a function.
type frame struct {
	code  *code
	block *block
	pc    int
	env   []Value
	turns []uint8 // of each loop
	// counted tells of each loop whether its end is known.
	counted []bool

	site    ssa.Instruction // the call, or nil
	dst     int32           // the caller's slot for the result, or -1
	defers  []deferred
	isDefer bool // called by a defer of the frame below

	// next makes a frame without code: it does something and reports whether
	// there is more to do. result is what such a frame returns.
	next   func(g *Goroutine, f *frame) bool
	result Value
	holds  []Value // what next refers to

	// then receives the result instead of the caller's slot.
	then func(g *Goroutine, v Value)

	unwinding bool
	recovered bool
	made      []*Chan
}

type deferred struct {
	fn   Value
	args []Value
	in   ssa.Instruction
}

// push enters a function.
func (m *Machine) push(g *Goroutine, fn *ssa.Function, args, free []Value, site ssa.Instruction) *frame {
	if len(g.frames) >= maxDepth {
		panic(Cut("depth"))
	}
	same := 0
	for _, f := range g.frames {
		if f.code != nil && f.code.fn == fn {
			same++
		}
	}
	if same > maxRecursion {
		panic(Cut("recursion"))
	}
	c := m.prog.compile(fn)
	f := m.memory.frames.get()
	*f = frame{code: c, env: m.memory.values.slice(c.slots), block: c.blocks[0], site: site, dst: -1}
	for i, s := range c.params {
		if i < len(args) {
			f.env[s] = args[i]
		}
	}
	for i, s := range c.free {
		if i < len(free) {
			f.env[s] = free[i]
		}
	}
	g.frames = append(g.frames, f)
	return f
}

// pushNative enters a frame without code.
func (m *Machine) pushNative(g *Goroutine, site ssa.Instruction, next func(g *Goroutine, f *frame) bool) *frame {
	if len(g.frames) >= maxDepth {
		panic(Cut("depth"))
	}
	f := &frame{next: next, site: site, dst: -1}
	g.frames = append(g.frames, f)
	return f
}

// leave returns from the innermost frame.
func (m *Machine) leave(g *Goroutine, f *frame, v Value, pos token.Pos) {
	g.frames = g.frames[:len(g.frames)-1]
	for _, c := range f.made {
		c.MakerLeft = pos
	}
	if len(g.frames) == 0 {
		g.Ended = pos
	}
	if f.then != nil {
		f.then(g, v)
		if len(g.frames) == 0 && !g.Done {
			m.finish(g, v)
		}
		return
	}
	if len(g.frames) == 0 {
		m.finish(g, v)
		return
	}
	if f.dst >= 0 {
		caller := g.frames[len(g.frames)-1]
		if caller.env != nil {
			caller.env[f.dst] = v
		}
	}
}

// get returns the value of an operand.
func (m *Machine) get(f *frame, op int32) Value {
	if op >= 0 {
		v := f.env[op]
		if v == nil {
			v = m.fresh(types.Typ[types.Invalid])
			f.env[op] = v
		}
		return v
	}
	if op == none {
		return nil
	}
	switch v := f.code.consts[-op-1].(type) {
	case globalRef:
		return m.global(v.g)
	case zeroConst:
		return m.zeroOf(v.typ)
	case symConstant:
		return m.symbol(symKey{kind: symConst, x: v.text}, v.typ)
	case nil:
		return m.fresh(types.Typ[types.Invalid])
	default:
		return v
	}
}

// global returns a package-level variable. Whatever it holds, unseen code can
// see as well.
func (m *Machine) global(g *ssa.Global) *Cell {
	c := m.memory.globals[g]
	if c == nil {
		c = m.outside(g.Type().(*types.Pointer).Elem())
		c.Site = g
		m.memory.globals[g] = c
		if isErrorType(c.Typ) && !m.prog.assigned(g) {
			s := m.fresh(c.Typ) // a sentinel, such as io.EOF
			s.isNil = -1
			c.val = s
		}
	}
	return c
}

// assigned reports whether a function of the package other than its initializer
// sets a package-level variable.
func (p *Program) assigned(g *ssa.Global) bool {
	if p.sets == nil {
		p.sets = make(map[*ssa.Global]bool)
		for _, fn := range p.ir.Funcs {
			if fn.Name() == "init" && fn.Synthetic != "" {
				continue
			}
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					if s, ok := in.(*ssa.Store); ok {
						if v, ok := s.Addr.(*ssa.Global); ok {
							p.sets[v] = true
						}
					}
				}
			}
		}
	}
	return p.sets[g]
}
