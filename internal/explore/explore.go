// Package explore runs a function on package machine again and again, each time
// with other decisions, and gathers what goes wrong.
//
// A run is determined by its choices: how unknown conditions turn out, which
// case of a select is taken, which goroutine goes on. The first run takes the
// default everywhere. Further runs repeat the choices of an earlier one up to a
// point and deviate there; they are made in the order of the number of their
// deviations, so what goes wrong in few steps is found first and its witness is
// the simplest one. A budget, counted in executed instructions, ends the
// enumeration. Runs that come to a state in which an earlier one has been
// already, up to the order of independent operations, end there.
//
// The result is the same on every machine: there is no time and no map order
// in it.
package explore

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A Budget bounds an exploration.
type Budget struct {
	Steps      int // instructions, over all runs
	Alone      int // instructions, while no run has started a second goroutine; 0 is no bound
	Deviations int // choices that are not the default, in one run
	Preempts   int // switches away from a goroutine that could go on, in one run
}

// A Result is what an exploration has shown.
type Result struct {
	Findings  []*Finding
	Runs      int
	Steps     int
	Ended     int             // runs that came to an end, and not to one that was known
	Wrong     int             // those of them in which something goes wrong
	Exhausted bool            // the budget was used up
	Cuts      map[string]int  // runs that were cut, by reason
	Floods    []*ssa.MakeChan // channels with a buffer that are sent on without end
	EndMarks  []machine.EndMark
}

// A Finding is a run in which something goes wrong.
type Finding struct {
	// Machine is the final state of the run.
	Machine *machine.Machine
	// Stuck are the goroutines that are stuck in it, and Knots the reasons; or
	// Crash is what ends the process.
	Stuck []verdict.Stuck
	Knots []verdict.Knot
	Crash *machine.Crash
	// Deviations are the choices that are not the default.
	Deviations []machine.Choice
	// Run and Steps tell when it was found.
	Run, Steps int
}

// node is a run to be made: the choices of the parent up to index, and there
// another one. The first run has no parent.
type node struct {
	parent *node
	index  int32
	pick   int32
}

// prefix returns the choices that the node prescribes.
func (n *node) prefix(buf []int32) []int32 {
	if n.parent == nil {
		return buf[:0]
	}
	size := int(n.index) + 1
	if cap(buf) < size {
		buf = make([]int32, size)
	}
	buf = buf[:size]
	clear(buf)
	for ; n.parent != nil; n = n.parent {
		buf[n.index] = n.pick
	}
	return buf
}

type visit struct {
	state    uint64
	current  int16
	preempts int16
}

type explorer struct {
	program *machine.Program
	what    machine.Scenario
	budget  Budget
	result  *Result
	several bool // a run had more than one goroutine
	visited map[visit]struct{}
	seen    map[site]bool

	// Room for candidates, which are asked for at each step.
	ready, idle, all []*machine.Goroutine
}

type site struct {
	pos  token.Pos
	kind machine.OpKind
	text string
}

// maxQueue bounds the runs that wait to be made.
const maxQueue = 100_000

// Explore explores a function.
func Explore(p *machine.Program, root *ssa.Function, b Budget) *Result {
	return exploreScenario(p, machine.Scenario{Fn: root}, b)
}

func exploreScenario(p *machine.Program, what machine.Scenario, b Budget) *Result {
	x := &explorer{program: p, what: what, budget: b, result: &Result{Cuts: make(map[string]int)},
		visited: make(map[visit]struct{}), seen: make(map[site]bool)}
	levels := make([][]node, b.Deviations+2)
	levels[0] = []node{{}}
	queued := 0
	var buf []int32
	for d := 0; d <= b.Deviations; d++ {
		for i := 0; i < len(levels[d]); i++ {
			if x.result.Steps >= b.Steps || !x.several && b.Alone > 0 && x.result.Steps >= b.Alone {
				x.result.Exhausted = true
				return x.result
			}
			n := &levels[d][i]
			buf = n.prefix(buf)
			choices := x.run(buf)
			if d == b.Deviations {
				continue
			}
			for k := len(buf); k < len(choices); k++ {
				for pick := 1; pick < choices[k].N && queued < maxQueue; pick++ {
					levels[d+1] = append(levels[d+1], node{n, int32(k), int32(pick)})
					queued++
				}
			}
		}
	}
	return x.result
}

// run makes one run and returns its choices, which are good until the next run.
func (x *explorer) run(prefix []int32) []machine.Choice {
	x.result.Runs++
	var m *machine.Machine
	m = machine.NewScenario(x.program, x.what, func(c machine.Choice) int {
		if i := len(m.Choices); i < len(prefix) {
			return int(prefix[i])
		}
		return 0
	})
	over := x.schedule(m, len(prefix))
	x.result.Steps += m.Steps
	for _, site := range m.Floods() {
		if !slices.Contains(x.result.Floods, site) {
			x.result.Floods = append(x.result.Floods, site)
		}
	}
	for _, mark := range m.EndMarks() {
		if !slices.Contains(x.result.EndMarks, mark) {
			x.result.EndMarks = append(x.result.EndMarks, mark)
		}
	}
	x.several = x.several || len(m.Goroutines) > 1
	isNew := false
	switch {
	case mistakesData(m.Choices, x.result.EndMarks):
		x.result.Cuts["data that look like the mark of their end"]++
	case m.Crash != nil:
		x.result.Ended++
		x.result.Wrong++
		isNew = x.add(m, nil, m.Crash)
	case over:
		x.result.Ended++
		if stuck := verdict.Judge(m, nil); len(stuck) > 0 {
			x.result.Wrong++
			isNew = x.add(m, stuck, nil)
		}
	}
	m.End(isNew)
	return m.Choices
}

// mistakesData reports whether a goroutine has left its loop in a run since it took data
// for the value that marks their end.
func mistakesData(choices []machine.Choice, marks []machine.EndMark) bool {
	return len(marks) > 0 && slices.ContainsFunc(choices, func(c machine.Choice) bool {
		in, ok := c.In.(*ssa.If)
		return ok && slices.Contains(marks, machine.EndMark{If: in, Then: c.Then})
	})
}

// schedule lets the goroutines go on until none can. It reports false if the
// run was cut, or has been made before.
func (x *explorer) schedule(m *machine.Machine, prefix int) (over bool) {
	defer func() {
		if r := recover(); r != nil {
			cut, ok := r.(machine.Cut)
			if !ok {
				panic(r)
			}
			x.result.Cuts[string(cut)]++
			over = false
		}
	}()
	var current *machine.Goroutine
	preempts := x.budget.Preempts
	for clock := 1; ; clock++ {
		ready, idle := candidates(m, x.ready[:0], x.idle[:0])
		x.ready, x.idle = ready, idle
		if len(ready)+len(idle) == 0 {
			return true
		}
		if len(m.Choices) >= prefix && len(ready)+len(idle) > 1 {
			v := visit{state: m.Fingerprint(), preempts: int16(preempts), current: -1}
			if current != nil {
				v.current = int16(current.ID)
			}
			if _, ok := x.visited[v]; ok {
				return false
			}
			x.visited[v] = struct{}{}
		}
		g := x.pick(m, current, ready, idle, &preempts)
		current = g
		g.Stamp = clock
		m.Step(g)
	}
}

// candidates returns the goroutines that can go on, and those that can when the
// outside world lets them, the one that waits longest first.
func candidates(m *machine.Machine, ready, idle []*machine.Goroutine) (r, i []*machine.Goroutine) {
	for _, g := range m.Goroutines {
		m.Ready(g) // a writer that waits for a lock holds up new readers
	}
	for _, g := range m.Goroutines {
		switch m.Ready(g) {
		case machine.Ready:
			ready = append(ready, g)
		case machine.Idle:
			k := len(idle)
			idle = append(idle, g)
			for k > 0 && idle[k-1].Stamp > g.Stamp {
				idle[k] = idle[k-1]
				k--
			}
			idle[k] = g
		}
	}
	return ready, idle
}

// pick chooses who goes on: by default the current goroutine if it can.
func (x *explorer) pick(m *machine.Machine, current *machine.Goroutine, ready, idle []*machine.Goroutine, preempts *int) *machine.Goroutine {
	all := x.all[:0]
	kind := machine.ChooseSchedule
	if slices.Contains(ready, current) {
		all = append(all, current)
		kind = machine.ChoosePreempt
	}
	for _, g := range ready {
		if g != current {
			all = append(all, g)
		}
	}
	all = append(all, idle...)
	x.all = all
	if kind == machine.ChoosePreempt && *preempts == 0 {
		return all[0]
	}
	k := m.Choose(machine.Choice{Kind: kind, N: len(all)})
	if n := len(m.Choices); k > 0 && len(ready) > 0 && all[k].Pending.Kind == machine.OpSleep {
		m.Choices[n-1].Woke = true
	}
	if k > 0 && kind == machine.ChoosePreempt {
		*preempts--
	}
	return all[k]
}

// add notes what went wrong in a run, if it is new.
func (x *explorer) add(m *machine.Machine, stuck []verdict.Stuck, crash *machine.Crash) (isNew bool) {
	note := func(s site) {
		isNew = isNew || !x.seen[s]
		x.seen[s] = true
	}
	if crash != nil {
		note(site{pos: crash.Pos, text: crash.Kind})
	}
	for _, s := range stuck {
		note(site{pos: s.Op.Pos, kind: s.Op.Kind})
	}
	if !isNew {
		return false
	}
	f := &Finding{Machine: m, Stuck: stuck, Crash: crash, Run: x.result.Runs, Steps: x.result.Steps}
	for _, c := range m.Choices {
		if c.Pick > 0 {
			f.Deviations = append(f.Deviations, c)
		}
	}
	f.Knots = verdict.Knots(m, stuck)
	x.result.Findings = append(x.result.Findings, f)
	return true
}
