package machine

import "golang.org/x/tools/go/ssa"

// A memory is where the objects of a run live. An exploration makes thousands of
// short runs, one after the other, and nearly all of them leave nothing but
// garbage: so a run that nobody needs any more hands its memory on to the next
// one (see End). Whatever outlives a run, such as what the Program remembers,
// must not refer to its values.
type memory struct {
	syms     pool[Sym]
	cells    pool[Cell]
	frames   pool[frame]
	calls    pool[call]
	ops      pool[Op]
	routines pool[Goroutine]
	values   valuePool
	exprs    symTable
	globals  map[*ssa.Global]*Cell
	turns    map[ssa.Instruction]int // executions of calls, for unknown results
	choices  []Choice
	events   []Event
	helped   []Help
}

// memory returns the memory for the next run.
func (p *Program) memory() *memory {
	s := p.spare
	if s == nil {
		s = &memory{globals: make(map[*ssa.Global]*Cell), turns: make(map[ssa.Instruction]int)}
	}
	p.spare = nil
	s.reset()
	return s
}

// reset makes all objects free again.
func (s *memory) reset() {
	s.syms.reset()
	s.cells.reset()
	s.frames.reset()
	s.calls.reset()
	s.ops.reset()
	s.routines.reset()
	clear(s.globals)
	clear(s.turns)
	s.values.reset()
	s.exprs.reset()
	clear(s.choices)
	clear(s.events)
	clear(s.helped)
	s.choices, s.events, s.helped = s.choices[:0], s.events[:0], s.helped[:0]
}

// A valuePool hands out slices of values, cut from chunks, and takes all of them back at
// once.
type valuePool struct {
	chunks   [][]Value
	at, used int // the chunk that is being cut up, and how much of it is
}

// The number of values that are allocated at a time: twice as many with each
// chunk, up to a limit.
const minValues, maxValues = 512, 1 << 14

func (p *valuePool) reset() { p.at, p.used = 0, 0 }

// slice returns n empty values.
func (p *valuePool) slice(n int) []Value {
	for p.at < len(p.chunks) && p.used+n > len(p.chunks[p.at]) {
		p.at, p.used = p.at+1, 0
	}
	if p.at == len(p.chunks) {
		p.chunks = append(p.chunks, make([]Value, max(n, min(minValues<<p.at, maxValues))))
	}
	out := p.chunks[p.at][p.used : p.used+n : p.used+n]
	p.used += n
	clear(out)
	return out
}

// blockSize is the number of objects that a pool allocates at a time.
const blockSize = 32

// A pool hands out objects and takes all of them back at once.
type pool[T any] struct {
	blocks []*[blockSize]T
	n      int
}

func (p *pool[T]) reset() { p.n = 0 }

// get returns an object, which is zero.
func (p *pool[T]) get() *T {
	block, i := p.n/blockSize, p.n%blockSize
	p.n++
	if block == len(p.blocks) {
		p.blocks = append(p.blocks, new([blockSize]T))
	}
	x := &p.blocks[block][i]
	var zero T
	*x = zero
	return x
}

// End says that the run is over. Its state can still be looked at, but if keep is
// not set only until the next run begins, which then takes over the memory.
func (m *Machine) End(keep bool) {
	if !keep {
		m.memory.choices, m.memory.events, m.memory.helped = m.Choices, m.Events, m.Helped
		m.prog.spare = m.memory
	}
	m.memory = nil
}

// A symTable finds the Sym of an expression. It is a hash table with linear
// probing; entries of earlier runs count as empty.
type symTable struct {
	slots []symSlot
	n     int
	run   uint32
}

type symSlot struct {
	run uint32
	sum uint32
	sym *Sym
}

func (t *symTable) reset() {
	t.n = 0
	t.run++
	if t.run == 0 {
		clear(t.slots)
		t.run = 1
	}
}

// has reports whether there is a Sym with a key.
func (t *symTable) has(k *symKey) bool {
	if t.n == 0 {
		return false
	}
	s, _ := t.lookup(k, k.sum())
	return s != nil
}

// find returns the Sym with a key, or a new slot for it.
func (t *symTable) find(k *symKey) (*Sym, *symSlot) {
	t.grow()
	sum := k.sum()
	s, slot := t.lookup(k, sum)
	if s == nil {
		t.n++
		slot.run, slot.sum = t.run, sum
	}
	return s, slot
}

// lookup returns the Sym with a key, or the slot for it. The table must have a
// free slot.
func (t *symTable) lookup(k *symKey, sum uint32) (*Sym, *symSlot) {
	mask := uint32(len(t.slots) - 1)
	for i := sum & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.run != t.run {
			return nil, s
		}
		if s.sum == sum && s.sym.key == *k {
			return s.sym, s
		}
	}
}

// grow makes room for one more entry.
func (t *symTable) grow() {
	if t.n*2 < len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]symSlot, max(64, 2*len(old)))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.run != t.run {
			continue
		}
		i := s.sum & mask
		for t.slots[i].run == t.run {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// sum returns a hash of the key.
func (k *symKey) sum() uint32 {
	h := hash(uint64(k.kind)<<32|uint64(k.op), uint64(k.n))
	h = hash(h, valueSum(k.x))
	h = hash(h, valueSum(k.y))
	return uint32(h ^ h>>32)
}

// valueSum returns a number that tells values of a symKey apart, mostly.
func valueSum(v Value) uint64 {
	switch v := v.(type) {
	case nil:
		return 0
	case *Sym:
		return uint64(v.id)<<4 | 1
	case *Cell:
		return uint64(v.id)<<4 | 2
	case *Chan:
		return uint64(v.id)<<4 | 3
	case int64:
		return uint64(v)<<4 | 4
	case string:
		h := uint64(len(v))
		for i := range min(len(v), 16) {
			h = h*31 + uint64(v[i])
		}
		return h<<4 | 5
	case getter:
		h := hash(uint64(v.obj.Pos()), uint64(v.turn))
		for _, a := range v.args {
			h = hash(h, valueSum(a))
		}
		return h<<4 | 6
	case Nil:
		return 7
	}
	return 8
}
