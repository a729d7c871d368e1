// Package machine is an abstract machine for the goroutines of one function: it
// executes SSA with values that may be unknown, and models what the
// concurrency primitives do.
//
// A Machine holds one execution, called a run. Its state is a list of
// goroutines, each a stack of frames, and the memory they share: cells,
// channels, contexts, and the state of locks and groups. The machine does not
// schedule. A goroutine executes until it stands before a visible operation
// (send, receive, Lock, Wait, go, ...), which is then its pending Op. Whoever
// drives the machine (package explore) looks which goroutines are enabled,
// picks one, and lets it Step.
//
// # Unknown values
//
// What the machine cannot see is a Sym: parameters, results of unseen
// functions, the content of memory that unseen code may write. A Sym stays
// itself wherever it goes, and an expression over Syms is one Sym however often
// it is computed, so a question about it (is it nil? is it less than 3? how
// many elements has it?) is decided once per run and then remembered. Each
// decision is a Choice that the driver makes, so it can run the function again
// with the other one.
//
// # What can be seen
//
// An object that reaches unseen code, or memory that unseen code may read, has
// escaped. The outside world is taken to do everything that it can to let the
// program go on: an escaped channel can always be sent to and received from,
// an escaped WaitGroup never holds up a Wait. So an operation that never
// proceeds here does not proceed in any surroundings.
//
// # Bounds
//
// Everything is bounded by counts, never by time: a run that exceeds a limit is
// cut (see Cut), a goroutine whose loop turns too often is taken to be Busy for
// ever. The same program gives the same runs on every machine.
package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// Limits of one run.
const (
	maxSteps      = 6000 // instructions
	maxDepth      = 18   // frames of a goroutine
	maxRecursion  = 2    // frames of one function on a stack
	maxGoroutines = 24
	maxTurns      = 6  // turns of a loop whose end is not known
	maxCounted    = 40 // turns of a loop that counts up to a known number
	maxElements   = 40 // of a slice
	maxChoices    = 400
	maxFilled     = 512 // of a buffer that is taken to be full sometime
)

// A Cut is why a run ended before it was over, such as "steps". What a cut run
// has shown up to then is of no use: who knows what its goroutines would still
// have done.
type Cut string

// The reasons for a Cut that are no limits: the run does not go on in reality
// either.
const (
	CutExit     Cut = "process exits"
	CutPanic    Cut = "panic"
	CutNil      Cut = "nil dereference"
	CutRange    Cut = "index out of range"
	CutMismatch Cut = "value of unexpected shape"
)

// A Machine is the state of one run.
type Machine struct {
	Goroutines []*Goroutine

	// Choices are the decisions of the run so far, in order.
	Choices []Choice

	// Crash is the operation that ended the process: a close of a closed
	// channel, a send on one, a negative WaitGroup counter. It is nil in most
	// runs.
	Crash *Crash

	// Steps counts the instructions executed.
	Steps int

	// Events are what happened that a witness may tell, in order.
	Events []Event

	// Helped are the operations that went on because unseen code let them, in order.
	Helped []Help

	prog   *Program
	decide func(Choice) int
	memory *memory
	seq    int   // numbers objects and symbols
	scaled int64 // the first large bound that a loop was cut to a few turns for
	mixed  bool  // there was another one
	vague  bool  // a number was decided that skipped code computes
	what   Scenario
	root   *ssa.Function
	method bool // the root is called on what another function makes
	floods []*ssa.MakeChan

	endMarks []EndMark
}

// A Crash is an operation that ends the process.
type Crash struct {
	Kind string // "close of closed channel", as the runtime says it
	G    *Goroutine
	Pos  token.Pos
	Chan *Chan // the channel, or nil
	Cell *Cell // the WaitGroup, or nil
}

// A Goroutine is a goroutine of the run. The first one executes the root.
type Goroutine struct {
	ID int

	// Site is the instruction that started the goroutine; nil for the root.
	Site ssa.Instruction

	// Pending is the visible operation before which the goroutine stands; nil
	// when it is done or busy.
	Pending *Op

	// Done: it has returned. Busy: it was cut in a loop, and may go on for ever.
	Done, Busy bool

	// Ended is the position of the return with which it ended, and EndedAfter
	// the number of events before.
	Ended      token.Pos
	EndedAfter int

	// Fn is the function that the goroutine executes, or nil if it is unseen.
	Fn *ssa.Function

	// Home is the position in the package where the goroutine comes from: that of
	// Site, or of the call of a function of another package that starts it.
	Home token.Pos

	// Creator is the goroutine that started this one.
	Creator *Goroutine

	m        *Machine
	frames   []*frame
	onExit   func(*Machine, Value)
	panicked bool  // unwinding because of a panic
	panic    Value // what it panicked with
	exiting  bool  // unwinding because of Goexit
	phantom  bool  // a timer or context callback that has not fired
	Parked   bool  // found its operation blocked at least once
	Stamp    int   // when it was last scheduled

	history uint64  // hash of what it did and saw
	holds   []Value // its function and arguments, until it starts
	counts  *Prim   // the group whose counter goes down when it ends
}

// Program is what the runs of one package share: compiled functions and what
// is known about them.
type Program struct {
	// Unread, if not nil, reports whether nothing in the package reads a field.
	Unread func(*types.Var) bool

	// Patient: unseen code need not cancel a context, and never one that the program
	// makes. What does not get stuck then needs nobody else to end it.
	Patient bool

	ir        *ir.Program
	codes     map[*ssa.Function]*code
	relevant  map[*ssa.Function]bool
	method    map[string]bool // names of relevant methods
	tracked   map[types.Type]bool
	methods   map[methodKey]*ssa.Function
	does      map[*ssa.Function]Action
	effects   map[*ssa.Function]*Effects
	endless   map[ssa.Instruction]bool
	marks     map[*ssa.If]bool // those that ask received values
	named     map[string][]*ssa.Function
	implement map[implementation]bool
	sets      map[*ssa.Global]bool
	plain     map[*types.Func]bool
	starts    map[*ssa.Function]bool
	spare     *memory // of a run that is over
}

type implementation struct {
	t  types.Type
	it *types.Interface
}

type methodKey struct {
	t types.Type
	m *types.Func
}

// NewProgram prepares a package for runs.
func NewProgram(pkg *ir.Program) *Program {
	p := &Program{
		ir:        pkg,
		codes:     make(map[*ssa.Function]*code),
		relevant:  make(map[*ssa.Function]bool),
		method:    make(map[string]bool),
		tracked:   make(map[types.Type]bool),
		methods:   make(map[methodKey]*ssa.Function),
		does:      make(map[*ssa.Function]Action),
		effects:   make(map[*ssa.Function]*Effects),
		endless:   make(map[ssa.Instruction]bool),
		marks:     make(map[*ssa.If]bool),
		implement: make(map[implementation]bool),
		plain:     make(map[*types.Func]bool),
		starts:    make(map[*ssa.Function]bool),
	}
	p.findRelevant()
	return p
}

// A Scenario says what a run executes: a function on unknown arguments, or
// methods, one after the other, on what another function makes.
type Scenario struct {
	Fn *ssa.Function
	// Maker makes the value that Fn is called on, if it is not nil.
	Maker *ssa.Function
	// First is a method that is called before Fn, or nil.
	First *ssa.Function
	// Starts: First starts what Fn ends. Otherwise it may fail, and Fn is called.
	Starts bool
	// Private: only the run knows what Maker has made. Otherwise unseen code
	// does as well.
	Private bool
	// Filled is a channel whose buffer is taken to be full all the time, or nil.
	Filled *ssa.MakeChan
}

// New starts a run of root. Each choice is made by decide, which returns a
// number from 0 to Choice.N-1; 0 is the default.
func New(p *Program, root *ssa.Function, decide func(Choice) int) *Machine {
	return NewScenario(p, Scenario{Fn: root}, decide)
}

// NewScenario is like New for a scenario.
func NewScenario(p *Program, s Scenario, decide func(Choice) int) *Machine {
	m := &Machine{
		prog:   p,
		decide: decide,
		memory: p.memory(),
		what:   s,
		root:   s.Fn,
		method: s.Maker != nil,
	}
	m.Choices, m.Events, m.Helped = m.memory.choices, m.memory.events, m.memory.helped
	g := m.newGoroutine(nil, nil)
	if s.Maker != nil {
		m.pushMethods(g, s)
	} else {
		m.push(g, s.Fn, m.unknownArgs(s.Fn, 0), nil, nil)
	}
	g.Fn = s.Fn
	g.onExit = func(m *Machine, v Value) { m.escape(v) }
	g.Pending = &Op{Kind: OpStart, m: m, g: g}
	return m
}

// unknownArgs returns unknown arguments for a function, numbered from base.
func (m *Machine) unknownArgs(fn *ssa.Function, base int) []Value {
	var args []Value
	for i, param := range fn.Params {
		args = append(args, m.symbol(symKey{kind: symParam, n: base + i}, param.Type()))
	}
	return args
}

// pushMethods enters a frame that calls the maker of a scenario, and the methods
// on its result. What could not be made or started is not ended.
func (m *Machine) pushMethods(g *Goroutine, s Scenario) {
	const perCall = 1000
	calls := []*ssa.Function{s.Maker, s.First, s.Fn}
	step := 0
	var made Value
	fr := m.pushNative(g, nil, nil)
	fr.next = func(g *Goroutine, f *frame) bool {
		if step == len(calls) {
			return false
		}
		fn := calls[step]
		step++
		if fn == nil {
			return true
		}
		args := m.unknownArgs(fn, step*perCall)
		if fn != s.Maker {
			args[0] = made
			m.push(g, fn, args, nil, nil).then = func(_ *Goroutine, v Value) {
				if s.Starts && fails(fn, v) {
					step = len(calls)
				}
			}
			return true
		}
		m.push(g, fn, args, nil, nil).then = func(_ *Goroutine, v Value) {
			if fails(fn, v) {
				step = len(calls)
			}
			if t, ok := v.(*Tuple); ok {
				m.escape(&Tuple{vals: t.vals[1:]})
				v = t.vals[0]
			}
			if !s.Private {
				m.escape(v)
			}
			made = v
			fr.holds = []Value{v}
		}
		return true
	}
}

// fails reports whether what a function has returned says that it has failed: an error
// that is not nil.
func fails(fn *ssa.Function, result Value) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 || !api.IsError(res.At(res.Len()-1).Type()) {
		return false
	}
	if t, ok := result.(*Tuple); ok {
		result = t.vals[len(t.vals)-1]
	}
	switch v := known(result).(type) {
	case nil, Nil:
		return false
	case *Sym:
		return v.isNil < 0
	}
	return true
}

// Root returns the function that the run executes.
func (m *Machine) Root() *ssa.Function { return m.root }

// Vague reports whether a number was decided that the program computes in code
// that was skipped: how it relates to others is lost.
func (m *Machine) Vague() bool { return m.vague }

// Mixed reports whether loops with several different large bounds were cut
// short: how their counts relate is then lost.
func (m *Machine) Mixed() bool { return m.mixed }

func (m *Machine) newGoroutine(site ssa.Instruction, creator *Goroutine) *Goroutine {
	if len(m.Goroutines) >= maxGoroutines {
		panic(Cut("goroutines"))
	}
	g := m.memory.routines.get()
	g.m, g.ID, g.Site, g.Creator, g.Home = m, len(m.Goroutines), site, creator, token.NoPos
	if creator != nil {
		g.Home = creator.at(site)
	}
	m.Goroutines = append(m.Goroutines, g)
	return g
}

// Counts returns the group whose counter goes down when the goroutine ends, or
// nil.
func (g *Goroutine) Counts() *Prim { return g.counts }

// Unwinding reports whether the goroutine is leaving its frames because of a
// panic.
func (g *Goroutine) Unwinding() bool { return g.panicked }

// Step lets a goroutine perform its pending operation, which must be enabled,
// and execute up to the next one. It panics with a Cut when the run cannot go
// on.
func (m *Machine) Step(g *Goroutine) {
	op := g.Pending
	g.Pending, g.Parked = nil, false
	g.mix(uint64(op.Pos)<<8 | uint64(op.Kind))
	op.perform()
	m.run(g)
	m.Ready(g) // notes it if the goroutine arrives at a lock that is taken
}

// run executes a goroutine up to its next visible operation.
func (m *Machine) run(g *Goroutine) {
	for g.Pending == nil && !g.Done && !g.Busy {
		m.Steps++
		if m.Steps > maxSteps {
			panic(Cut("steps"))
		}
		if len(g.frames) == 0 {
			m.finish(g, nil)
			return
		}
		f := g.frames[len(g.frames)-1]
		switch {
		case f.unwinding:
			m.unwind(g, f)
		case f.next != nil:
			// A frame without code does one thing after the other.
			if !f.next(g, f) {
				m.leave(g, f, f.result, token.NoPos)
			}
		default:
			in := &f.block.instrs[f.pc]
			f.pc++
			m.exec(g, f, in)
		}
	}
}

// finish ends a goroutine.
func (m *Machine) finish(g *Goroutine, v Value) {
	if g.panicked && !g.exiting {
		panic(CutPanic)
	}
	g.Done = true
	g.EndedAfter = len(m.Events)
	if g.onExit != nil {
		g.onExit(m, v)
	}
}

// mix folds what a goroutine did or saw into its history.
func (g *Goroutine) mix(x uint64) { g.history = hash(g.history, x) }

func hash(a, b uint64) uint64 {
	h := (a ^ b*0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9
	return h ^ h>>29
}

// Fingerprint identifies the state of the run up to the order of independent
// operations: two runs with equal fingerprints continue alike.
func (m *Machine) Fingerprint() uint64 {
	var sum uint64
	for _, g := range m.Goroutines {
		sum += hash(g.history, uint64(g.ID)+1)
	}
	return sum
}
