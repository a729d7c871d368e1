// Package locks follows the locks of each function on all of its paths: which
// are held where, which a path leaves locked, which it takes a second time.
//
// A lock is named by an access path, how the function gets to it: s.mu,
// s.child.mu, locks[i]. A walk over a function keeps, for each path through it,
// what was done to each lock since the function was entered, together with
// what the branches told about values, so that
//
//	if s.shared {
//		s.mu.Lock()
//	}
//	…
//	if s.shared {
//		s.mu.Unlock()
//	}
//
// is not torn apart. Deferred calls run at the returns. A call of a function of
// the package is replaced by that function's outcomes: what it does to locks
// that the caller can name, each with what the results say in that case, so
// that a lock function that may fail holds the lock on success only. Outcomes
// are computed once per context, which is what the caller knows about the
// arguments. A path that panics, or ends the process, is dropped.
//
// What a lock is, a [Kind] says. To this package, a semaphore is a lock that many
// hold for reading; one that may be held more than once, and given back by whoever
// gets it, so that there is more to say about it. See Counted.
//
// Where aliases, closures that get away, or code that cannot be seen may have
// locked or unlocked it, a lock is unknown, and nothing is said about it. The
// package states what it found on the paths; what of that is a mistake is for
// its client to decide.
package locks

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// A Func is what was found in one function.
type Func struct {
	Fn *ssa.Function

	// Exits are its returns, each once per different state.
	Exits []Exit

	// ReleasedBy holds, for each lock that the function takes and unlocks on some
	// path, a call that unlocks it.
	ReleasedBy map[*Path]ssa.Instruction

	// HandedTo holds, for each lock that the function takes and hands to a
	// goroutine on some path, the go statement.
	HandedTo map[*Path]ssa.Instruction

	// Handovers are the same, with what the goroutine gets.
	Handovers []Handover

	// Pairs holds, for each operation that takes a lock, what releases it, or
	// hands it over, on some path.
	Pairs map[ssa.Instruction][]ssa.Instruction

	// Unsure holds the locks that it releases where it is not known whether they
	// are held.
	Unsure map[*Path]bool

	sum     *summary
	guarded map[ssa.Instruction]bool

	Again      []Again
	Mismatches []Mismatch
	Orders     []Order
	Lost       []Lost
	Panics     []Panic
	Sends      []Send
	Turns      []Turn      // of counted locks
	Unmatched  []Unmatched // of counted locks
}

// An Exit is a return in one state.
type Exit struct {
	Return  *ssa.Return
	Holds   []Hold
	Failure bool // the results say that the caller got nothing

	// Depends is set where the path to it is one that the caller may have chosen,
	// by the values of variables that it knows too.
	Depends bool
}

// Touches reports whether something happened to a lock on the way to the exit.
func (e Exit) Touches(lock *Path) bool {
	return slices.ContainsFunc(e.Holds, func(h Hold) bool { return h.Lock == lock })
}

// Again is a lock taken while it is held.
type Again struct {
	Held    Hold
	Acquire *Acquire
}

// A Mismatch is an Unlock of a lock that is only read-locked, or the reverse.
type Mismatch struct {
	Held   Hold
	Unlock ssa.Instruction
}

// An Order is a lock taken while another one is held.
type Order struct {
	Held    Hold
	Acquire *Acquire
	Holds   []Hold // all that are held
}

// A Handover is a lock that is held when a goroutine is started which unlocks
// it on some path.
type Handover struct {
	Held Hold
	Go   ssa.Instruction
	To   *ssa.Function
	As   *Path // the lock as the goroutine names it
}

// Lost is a lock that is still held when the value through which it was
// reached is computed anew, in the next turn of a loop.
type Lost struct {
	Held Hold
	By   ssa.Value
}

// A Turn is a lock that was taken in a turn of a loop and is still held when
// the next one begins.
type Turn struct {
	Held Hold
	Last *ssa.BasicBlock // of the turn
}

// Unmatched is a release of a lock that is not held.
type Unmatched struct {
	Release ssa.Instruction // or what hands it over to a goroutine that releases it
	Past    Past
}

// A Past is why a lock is not held that was to be: taking it failed, or it has
// been released.
type Past struct {
	Lock   *Path
	Site   ssa.Instruction // of the attempt, or of the release
	Taken  ssa.Instruction // where that took it which was released
	Failed bool
}

// A Panic is a panic with a lock held that no deferred call unlocks.
type Panic struct {
	Held  Hold
	Panic *ssa.Panic
}

// A Send is a send statement that is executed with a lock held.
type Send struct {
	Held Hold
	Send *ssa.Send
}

// An Acquire is a Lock or RLock, or a call that leads to one.
type Acquire struct {
	Lock *Path
	Read bool
	Site ssa.Instruction

	// Inner is, for a call, what happens in the function called, with the
	// names of that function.
	Inner *Acquire

	// Guarded is set for a call where it depends on values that the caller may
	// know better whether the lock is taken.
	Guarded bool
}

// Innermost returns the Lock or RLock itself.
func (q *Acquire) Innermost() *Acquire {
	for q.Inner != nil {
		q = q.Inner
	}
	return q
}

// An Analysis answers for one package.
type Analysis struct {
	prog  *ir.Program
	kind  Kind
	paths *paths

	touches map[*ssa.Function]bool // operates on locks, or calls what does
	sums    map[sumKey]*summary
	count   map[*ssa.Function]int // of contexts
	funcs   map[*ssa.Function]*Func
	asked   map[*ssa.Function][]*Path
	stores  map[*ssa.Function]map[any]bool

	byGoroutine map[any]bool // the same by functions that are only started by go statements

	literals map[*ssa.Function][]*Path // see closureReleases
	foreign  map[any]bool              // fields unlocked by who did not lock them
	openers  map[any][]*ssa.Function   // the functions that do
	kept     map[*ssa.Function]bool    // leave a lock locked for their callers
	changed  map[any]bool
	left     map[any]bool // see leftByOthers
	depth    int

	// inContext holds the locks that are taken again only because of what a
	// caller passes, such as a function that takes the lock.
	inContext map[*ssa.Function][]Again

	gaveUp []*ssa.Function
}

type sumKey struct {
	fn  *ssa.Function
	ctx string
}

// New analyses the functions of a package that operate on locks of a kind.
func New(prog *ir.Program, kind Kind) *Analysis {
	a := &Analysis{
		prog:    prog,
		kind:    kind,
		paths:   newPaths(prog),
		touches: make(map[*ssa.Function]bool),
		sums:    make(map[sumKey]*summary),
		count:   make(map[*ssa.Function]int),
		funcs:   make(map[*ssa.Function]*Func),
		asked:   make(map[*ssa.Function][]*Path),
		stores:  make(map[*ssa.Function]map[any]bool),
		foreign: make(map[any]bool),
		openers: make(map[any][]*ssa.Function),
		kept:    make(map[*ssa.Function]bool),

		byGoroutine: make(map[any]bool),
		literals:    make(map[*ssa.Function][]*Path),
		inContext:   make(map[*ssa.Function][]Again),
	}
	a.findTouching()
	for _, fn := range prog.Funcs {
		if a.touches[fn] {
			a.summary(fn, &context{})
		}
	}
	a.findReleasers()
	for fn, again := range a.inContext {
		if f := a.funcs[fn]; f != nil {
			f.Again = append(f.Again, again...)
		}
	}
	return a
}

// Funcs returns what was found, in source order of the functions.
func (a *Analysis) Funcs() []*Func {
	var out []*Func
	for _, fn := range a.prog.Funcs {
		if f := a.funcs[fn]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// Of returns what was found in one function, or nil.
func (a *Analysis) Of(fn *ssa.Function) *Func { return a.funcs[fn] }

// GaveUp returns the functions with too many paths.
func (a *Analysis) GaveUp() []*ssa.Function { return a.gaveUp }

// An Operation is a call that takes a lock.
type Operation struct {
	Lock      *Path
	Read, Try bool
}

// Operations returns the calls of a function that take a lock, without those
// in the functions that it calls.
func (a *Analysis) Operations(fn *ssa.Function) []Operation {
	var out []Operation
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range a.kind.Ops(instr) {
				if op.Do != Release {
					p, read := a.paths.lockOf(op)
					out = append(out, Operation{Lock: p, Read: read, Try: op.Do == Try})
				}
			}
		}
	}
	return out
}

// findTouching finds the functions that are worth a walk.
func (a *Analysis) findTouching() {
	var work []*ssa.Function
	users := make(map[*ssa.Function][]*ssa.Function)
	add := func(fn *ssa.Function) {
		if !a.touches[fn] {
			a.touches[fn] = true
			work = append(work, fn)
		}
	}
	for _, fn := range slices.Concat(a.prog.Funcs, a.prog.Linked) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok {
					if inner := a.prog.Callee(mc.Fn.(*ssa.Function)); inner != nil {
						users[inner] = append(users[inner], fn)
					}
				}
				if a.operates(instr) {
					add(fn)
				}
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if callee := a.prog.StaticCallee(call); callee != nil {
					users[callee] = append(users[callee], fn)
				}
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, user := range users[fn] {
			add(user)
		}
	}
}

// summary returns what a function does in a context.
func (a *Analysis) summary(fn *ssa.Function, ctx *context) *summary {
	k := sumKey{fn, ctx.key()}
	if sum := a.sums[k]; sum != nil {
		sum.recursive = true
		return sum
	}
	switch {
	case a.depth > maxDepth:
		return &summary{unknown: true}
	case k.ctx != emptyContext && a.count[fn] >= maxContexts:
		return a.summary(fn, &context{})
	}
	a.count[fn]++
	// A recursion finds that the function leaves locks as they are, and then
	// what it was found to do under this assumption.
	start := &summary{outcomes: []outcome{{}}}
	a.sums[k] = start
	a.depth++
	sum := a.walk(fn, ctx, k.ctx == emptyContext)
	if start.recursive {
		a.sums[k] = sum
		sum = a.walk(fn, ctx, k.ctx == emptyContext)
	}
	a.depth--
	a.sums[k] = sum
	return sum
}

var emptyContext = (&context{}).key()

func (a *Analysis) walk(fn *ssa.Function, ctx *context, keep bool) *summary {
	w := &walker{a: a, fn: fn, ctx: ctx, tests: make(map[*ssa.If]test), worth: make(map[*Path]bool)}
	w.prepare()
	if !w.walk() {
		w.narrow()
		if !w.walk() && !(w.forgetful() && w.walk()) {
			a.gaveUp = append(a.gaveUp, fn)
			return &summary{unknown: true}
		}
	}
	for _, u := range w.out.Unmatched {
		if w.guarded(u.Release) {
			w.out.guarded[u.Release] = true
		}
	}
	for _, acq := range w.sum.acquires {
		acq.Guarded = (acq.Guarded || w.guarded(acq.Site)) && !w.always(acq)
	}
	for _, o := range w.out.Orders {
		o.Acquire.Guarded = o.Acquire.Guarded || w.guarded(o.Acquire.Site)
		if w.visible(o.Held.Lock) && w.visible(o.Acquire.Lock) && len(w.sum.orders) < maxOrders {
			w.sum.orders = append(w.sum.orders, o)
		}
	}
	if w.alive != nil {
		w.sum.blur()
	}
	w.sum.taken = w.taken
	w.sum.merge()
	w.sum.distrust(w.out.ReleasedBy)
	w.out.sum = w.sum
	if keep {
		a.funcs[fn] = w.out
	} else {
		a.inContext[fn] = append(a.inContext[fn], w.out.Again...)
	}
	return w.sum
}

// PathOf returns the path of a value.
func (a *Analysis) PathOf(v ssa.Value) *Path { return a.paths.Of(v) }
