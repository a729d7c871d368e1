package explore

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A Root is a function to explore.
type Root struct {
	machine.Scenario
	Budget Budget
	// End is what ends when the function returns.
	End End
	// Inner: all that call the function are known, and explored as well. What
	// it is given is then not as free as it looks from here.
	Inner bool
	// Others reports, of a private scenario, whether somebody else who has the object
	// may let an operation proceed. If it is nil, only deadlocks with locks are believed.
	Others func(*machine.Op) bool
	// Helps reports whether code that the run does not lead to can give the help that a
	// run had. If it is nil, it can.
	Helps func(machine.Help) bool
	// Opens is like Others for what keeps a goroutine in a loop.
	Opens func(machine.Gate) bool
}

// An End is what ends with a function.
type End uint8

// The ends. With the process all goroutines end; with a test those that serve
// it may be left, if only they do not hold up anything.
const (
	EndsNothing End = iota
	EndsTest
	EndsProcess
)

// A Problem is one thing that goes wrong: a knot of stuck goroutines, or a
// crash.
type Problem struct {
	Finding *Finding
	Root    *ssa.Function
	Knot    verdict.Knot
	Crash   *machine.Crash
}

// Sites returns the positions of the operations that go wrong.
func (p *Problem) Sites() []token.Pos {
	if p.Crash != nil {
		return []token.Pos{p.Crash.Pos}
	}
	var out []token.Pos
	for _, s := range p.Knot {
		out = append(out, s.Op.Pos)
	}
	return out
}

// A Survey is what the exploration of a package has shown.
type Survey struct {
	Problems []*Problem
	Steps    int
	// Wrong holds the operations that went wrong in some run, whether or not that
	// makes a problem.
	Wrong map[token.Pos]bool
	// Counts tells how often what was given up, and where: by "REASON in FUNCTION".
	Counts map[string]int
}

// Package explores the roots of a package, in order, until total steps are
// used up. Of several problems at one place it keeps the one with the simplest
// witness.
func Package(p *machine.Program, roots []Root, total int) *Survey {
	s := &Survey{Counts: make(map[string]int), Wrong: make(map[token.Pos]bool)}
	var found []candidate
	for i, root := range roots {
		if s.Steps >= total {
			for _, left := range roots[i:] {
				s.count("package budget exhausted", left)
			}
			break
		}
		root.Budget.Steps = min(root.Budget.Steps, total-s.Steps)
		res := s.explore(p, root)
		if res == nil {
			continue
		}
		for j, f := range res.Findings {
			found = append(found, candidate{f, root, i, j, res.EndMarks})
			if !usesFilled(f) {
				s.note(f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(len(a.finding.Deviations), len(b.finding.Deviations)), cmp.Compare(a.order, b.order), cmp.Compare(a.index, b.index))
	})
	taken := make(map[token.Pos]bool)
	for _, c := range found {
		s.accept(c, taken)
	}
	return s
}

// count notes that something was given up in a root.
func (s *Survey) count(reason string, root Root) { s.Counts[reason+" in "+root.name()]++ }

// name returns the name of the root for the counters: f, (*T).f, or f$1 for a literal.
func (r Root) name() string {
	if r.Fn.Pkg == nil {
		return r.Fn.Name() // an instance of a generic function
	}
	return r.Fn.RelString(r.Fn.Pkg.Pkg)
}

// note notes the operations that go wrong in a finding.
func (s *Survey) note(f *Finding) {
	if f.Crash != nil {
		s.Wrong[f.Crash.Pos] = true
	}
	for _, st := range f.Stuck {
		s.Wrong[st.Op.Pos] = true
	}
}

// candidate is a finding with where it comes from.
type candidate struct {
	finding      *Finding
	root         Root
	order, index int
	endMarks     []machine.EndMark // of the runs of the root
}

// explore explores one root. A panic of the machine costs that root, not the
// package.
func (s *Survey) explore(p *machine.Program, root Root) (res *Result) {
	defer func() {
		if r := recover(); r != nil {
			s.Counts[fmt.Sprintf("panic in the explorer of %s: %v", root.name(), r)]++
			res = nil
		}
	}()
	res = exploreScenario(p, root.Scenario, root.Budget)
	s.Steps += res.Steps
	if res.Exhausted {
		s.count("budget exhausted", root)
	}
	res.Findings = append(res.Findings, s.flooded(p, root, res.Floods)...)
	for cut, n := range res.Cuts {
		s.Counts["runs cut: "+cut+" in "+root.name()] += n
	}
	return res
}

// accept adds the problems of a finding that are convincing and new. A finding
// that shows one again that is known already adds nothing: what else is stuck
// in it is so for the same reason.
func (s *Survey) accept(c candidate, taken map[token.Pos]bool) {
	f := c.finding
	if why := doubtful(f); why != "" {
		s.count("doubtful: "+why, c.root)
		return
	}
	for _, st := range f.Stuck {
		if taken[st.Op.Pos] {
			return
		}
	}
	if mistakesData(f.Machine.Choices, c.endMarks) {
		s.count("excused: data that look like the mark of their end", c.root)
		return
	}
	if f.Crash != nil && usesFilled(f) {
		s.count("excused: a buffer that may have room", c.root)
		return
	}
	if f.Crash != nil && (c.root.Inner || c.root.Private || c.root.End != EndsNothing && guesses(f.Machine.Choices)) {
		s.count("excused: a panic that depends on data", c.root)
		return
	}
	if why := needsHelp(f, c.root); why != "" {
		s.count("excused: "+why, c.root)
		return
	}
	if f.Crash != nil {
		if taken[f.Crash.Pos] || f.Crash.Chan != nil && taken[f.Crash.Chan.ClosedAt] {
			return
		}
		taken[f.Crash.Pos] = true
		s.Problems = append(s.Problems, &Problem{Finding: f, Root: c.root.Fn, Crash: f.Crash})
		return
	}
	for _, k := range f.Knots {
		p := &Problem{Finding: f, Root: c.root.Fn, Knot: k}
		if why := excused(f, k, c.root); why != "" {
			s.count("excused: "+why, c.root)
			continue
		}
		for _, pos := range p.Sites() {
			taken[pos], s.Wrong[pos] = true, true
		}
		s.Problems = append(s.Problems, p)
	}
}

// needsHelp says why what unseen code did for a run, it cannot have done. Nobody but the
// test has what a test makes, and nobody else answers for the fakes that it uses: whether
// they do is up to its data.
func needsHelp(f *Finding, root Root) string {
	for _, h := range f.Machine.Helped {
		switch {
		case f.Crash == nil && (h.Ctx == nil || root.End == EndsNothing):
			// It hangs although others do what they can.
		case root.Helps != nil && !root.Helps(h):
			return "help that nobody can give"
		case f.Crash != nil && h.Chan == nil && root.End == EndsTest:
			return "a panic that depends on what a test is answered"
		}
	}
	return ""
}

// maxAssumptions bounds the decisions about unknown values that a problem may
// need: with each one it is less likely that the program can take that way.
const maxAssumptions = 3

// doubtful says why a run may not be possible in reality.
func doubtful(f *Finding) string {
	for _, c := range f.Deviations {
		if c.Weak {
			return "equates unknown values"
		}
	}
	if assumptions(f) > maxAssumptions {
		return "too many assumptions"
	}
	if f.Machine.Mixed() && !onlyLocks(f.Stuck) {
		return "counts of several long loops"
	}
	if f.Machine.Vague() && !onlyLocks(f.Stuck) {
		return "counts that are computed"
	}
	return ""
}

// avoids reports whether a run has left out, because all went well, code that
// does something for others: a test may be about what happens when not.
func avoids(m *machine.Machine) bool {
	const help = machine.ActSend | machine.ActReceive | machine.ActClose | machine.ActDone | machine.ActSignal | machine.ActCancel
	return slices.ContainsFunc(m.Choices, func(c machine.Choice) bool {
		return c.Usual && m.Avoided(c)&help != 0
	})
}

// branches reports whether a run depends on unknown conditions.
func branches(choices []machine.Choice) bool {
	return slices.ContainsFunc(choices, func(c machine.Choice) bool {
		return (c.Kind == machine.ChooseBranch || c.Kind == machine.ChooseElement) && !c.Usual
	})
}

// guesses reports whether a run depends on unknown values. A test, or a program,
// knows its data: what a run of it assumes about unknown values is our
// ignorance, so nothing may depend on that but that all goes well.
func guesses(choices []machine.Choice) bool {
	return slices.ContainsFunc(choices, func(c machine.Choice) bool {
		switch c.Kind {
		case machine.ChooseBranch, machine.ChooseCount, machine.ChooseElement:
			return !c.Usual
		}
		return false
	})
}

// assumptions counts the decisions about unknown values that a finding needs.
func assumptions(f *Finding) int {
	n := 0
	for _, c := range f.Deviations {
		switch c.Kind {
		case machine.ChooseBranch, machine.ChooseCount, machine.ChooseElement, machine.ChooseResult:
			n++
		}
	}
	return n
}

func onlyLocks(stuck []verdict.Stuck) bool {
	return len(stuck) > 0 && !slices.ContainsFunc(stuck, func(s verdict.Stuck) bool { return !locks(s) })
}

func waits(s verdict.Stuck) bool { return s.Op.Kind == machine.OpCondWait }

func locks(s verdict.Stuck) bool {
	return s.Op.Kind == machine.OpLock || s.Op.Kind == machine.OpRLock
}

// excused says why a knot is no problem although it never comes undone.
func excused(f *Finding, k verdict.Knot, root Root) string {
	if usesFilled(f) && (len(k) != 1 || !overflows(f.Machine, k[0])) {
		return "a buffer that may have room"
	}
	if len(k) == 1 && livesOnInput(f, k[0]) {
		return "a loop over input that may end"
	}
	if emptyInput(f, k) {
		return "empty input"
	}
	if servesForever(f, k, root) {
		return "serves for ever"
	}
	if root.Private && (othersMayHelp(f, k, root) || othersLetOut(f, k, root)) {
		return "what others may call is not"
	}
	onces := 0
	for _, s := range k {
		if s.Op.Nil && s.Op.Elsewhere() {
			return "a channel of another package that is nil"
		}
		if s.Op.Nil && branches(f.Machine.Choices) && !alwaysNil(s.Op) && !switchedOff(s.Op) {
			return "a channel that is nil on some way only"
		}
		if s.Op.Nil && root.End == EndsProcess && s.G.ID == 0 || root.End != EndsNothing && blocksOnPurpose(s.Op) {
			return "blocks on purpose"
		}
		if s.Op.Kind == machine.OpOnce {
			onces++
		}
	}
	if onces > 1 {
		return "a chain of Once" // as of dependencies, which have no cycles
	}
	if root.End != EndsNothing && endsWith(f, k, root.End) {
		return "ends with the process or test"
	}
	if root.End == EndsTest && slices.ContainsFunc(k, waits) && slices.ContainsFunc(f.Deviations, func(c machine.Choice) bool { return c.Woke }) {
		return "a test sleeps until the others wait"
	}
	if root.End != EndsNothing && !slices.ContainsFunc(k, locks) && (guesses(f.Machine.Choices) || avoids(f.Machine)) {
		return "depends on the data of a test"
	}
	return ""
}

// othersMayHelp reports whether somebody else who has the object of a private scenario
// may let one of the goroutines proceed that are stuck, and that one the others.
func othersMayHelp(f *Finding, k verdict.Knot, root Root) bool {
	if len(k) > 1 && slices.ContainsFunc(k, locks) {
		return false
	}
	return root.Others == nil || slices.ContainsFunc(f.Stuck, func(s verdict.Stuck) bool { return root.Others(s.Op) })
}

// livesOnInput reports whether a goroutine waits to receive in a loop that it
// leaves when something that it reads there fails: it is where it is because the
// run has it read on and on.
func livesOnInput(f *Finding, s verdict.Stuck) bool {
	if s.Op.Kind != machine.OpReceive || s.G.ID == 0 {
		return false
	}
	at := s.Op.In
	return slices.ContainsFunc(f.Machine.Choices, func(c machine.Choice) bool {
		in, ok := c.In.(*ssa.If)
		return ok && c.Usual && c.G == s.G && in.Parent() == at.Parent() && ir.Reaches(in, in) && ir.Reaches(at, at)
	})
}

// emptyInput reports whether a function waits for the first of no results: few
// are made for an input without elements, and are not called with one.
func emptyInput(f *Finding, k verdict.Knot) bool {
	none := slices.ContainsFunc(f.Deviations, func(c machine.Choice) bool { return c.Zero })
	return none && slices.ContainsFunc(k, func(s verdict.Stuck) bool {
		return s.G.ID == 0 && len(s.Op.Chans) > 0
	})
}

// endsWith reports whether a knot is left over when a main function or test
// returns, and would do no harm: a goroutine that waits in a loop for more to
// do, or for the end, or a literal of the function itself with a result that
// it does not wait for.
func endsWith(f *Finding, k verdict.Knot, end End) bool {
	if len(k) > 1 {
		return false
	}
	s := k[0]
	main := f.Machine.Goroutines[0]
	if f.Machine.Root().Parent() == nil && (s.G == main || !main.Done) {
		return false
	}
	switch s.Op.Kind {
	case machine.OpReceive, machine.OpSelect:
		return ir.Reaches(s.Op.In, s.Op.In)
	case machine.OpSend:
		own := s.G.Fn != nil && s.G.Fn.Parent() == f.Machine.Root()
		return own || ir.Reaches(s.Op.In, s.Op.In)
	}
	return false
}

// alwaysNil reports whether the channels of an operation are nil whatever the
// program does: constants, or variables that are never set.
func alwaysNil(op *machine.Op) bool {
	switch in := op.In.(type) {
	case *ssa.Send:
		return nilValue(in.Chan, 0)
	case *ssa.UnOp:
		return nilValue(in.X, 0)
	case *ssa.Select:
		for _, st := range in.States {
			if !nilValue(st.Chan, 0) {
				return false
			}
		}
		return true
	}
	return false
}

// blocksOnPurpose reports whether an operation is <-make(chan T).
func blocksOnPurpose(op *machine.Op) bool {
	recv, ok := op.In.(*ssa.UnOp)
	if !ok {
		return false
	}
	made, ok := recv.X.(*ssa.MakeChan)
	return ok && made.Pos()-recv.Pos() == token.Pos(len("<-make"))
}

// switchedOff reports whether the function itself sets the channels of a select
// to nil, one after the other, to switch its cases off.
func switchedOff(op *machine.Op) bool {
	in, ok := op.In.(*ssa.Select)
	if !ok || len(in.States) < 2 {
		return false
	}
	for _, st := range in.States {
		if !setToNil(st.Chan) {
			return false
		}
	}
	return true
}

// setToNil reports whether a variable is set to nil in the function that reads
// it.
func setToNil(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return nilValue(e, 3) })
	case *ssa.UnOp:
		if v.X.Referrers() == nil {
			return false
		}
		for _, ref := range *v.X.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == v.X && nilValue(s.Val, 3) {
				return true
			}
		}
	}
	return false
}

func nilValue(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.ChangeType:
		return nilValue(v.X, depth)
	case *ssa.Phi:
		if depth > 3 {
			return false
		}
		for _, e := range v.Edges {
			if e != v && !nilValue(e, depth+1) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		alloc, ok := v.X.(*ssa.Alloc)
		return ok && neverSet(alloc)
	}
	return false
}

// neverSet reports whether a variable is only read.
func neverSet(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a || !nilValue(ref.Val, 1) {
				return false
			}
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == a && !onlyRead(fn.FreeVars[i]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func onlyRead(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.UnOp); !ok {
			return false
		}
	}
	return true
}
