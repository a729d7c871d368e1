package engine

import (
	"fmt"
	"iter"
	"runtime/debug"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

// A Model is the model of one root with what is derived from it.
type Model struct {
	*model.Model
	Joins *order.Joins
}

// models are those that have been built, for the next check that wants them.
type models struct {
	whole map[*ssa.Function]*Model
	known map[*ssa.Function]digest
	last  *Model // that a check asked for
	kept  int    // instances in whole
}

// A digest is what is remembered of a model that is not kept.
type digest struct {
	calls calls
	cut   bool // incomplete
}

// calls is a set of operations, a bit each.
type calls uint64

func callsOf(ops ...api.Op) (set calls) {
	for _, op := range ops {
		set |= 1 << op
	}
	return set
}

// maxKept bounds the models that are kept for the next check, counted in
// instances, each of which takes about 600 bytes. The others are built anew where a
// check has something to look for in them.
const maxKept = 24_000

// Models returns the models of the roots, in their order, in which one of the given
// operations is executed. Those that grew beyond their limits are left out.
func (p *Package) Models(ops ...api.Op) iter.Seq[*Model] {
	return p.modelsWith(callsOf(ops...), p.Model)
}

// Partials is like Models, but returns incomplete models as well, see Partial, and all
// where no operation is given.
func (p *Package) Partials(ops ...api.Op) iter.Seq[*Model] {
	return p.modelsWith(callsOf(ops...), p.Partial)
}

func (p *Package) modelsWith(any calls, of func(*ssa.Function) *Model) iter.Seq[*Model] {
	return func(yield func(*Model) bool) {
		for _, root := range p.Roots() {
			if d, ok := p.models.known[root]; ok && any != 0 && d.calls&any == 0 {
				continue
			}
			m := of(root)
			if m == nil || any != 0 && p.models.known[root].calls&any == 0 {
				continue // too large, and counted; or of no interest
			}
			if !yield(m) {
				return
			}
		}
	}
}

// Model returns the model of a root, or nil where there is none because it
// grew beyond its limits.
func (p *Package) Model(root *ssa.Function) *Model {
	if p.models.known[root].cut {
		return nil
	}
	if m := p.Partial(root); m != nil && !m.Cut {
		return m
	}
	return nil
}

// Partial is like Model, but returns a model as well in which not all calls
// were entered: it says nothing about what the root was given, and enough about
// what it made and kept.
//
// What walks found out about the model that was asked for before is dropped:
// checks go from root to root, it is large, and without it each check has the
// same budget, whichever check came first.
func (p *Package) Partial(root *ssa.Function) *Model {
	if p.models.last != nil {
		flow.Forget(p.models.last.Model)
	}
	m, ok := p.models.whole[root]
	if !ok {
		m = p.build(root)
		p.remember(root, m)
	}
	p.models.last = m
	return m
}

// remember keeps a new model, or what others need to know to do without it.
func (p *Package) remember(root *ssa.Function, m *Model) {
	if m == nil {
		p.models.whole[root] = nil
		return
	}
	if _, again := p.models.known[root]; !again {
		if m.Cut {
			p.count("calls left out in " + root.Name())
		}
		d := digest{cut: m.Cut}
		for _, op := range m.Ops() {
			d.calls |= callsOf(op.Call)
		}
		p.models.known[root] = d
	}
	if p.models.kept+len(m.Instances) <= maxKept {
		p.models.whole[root] = m
		p.models.kept += len(m.Instances)
	}
}

func (p *Package) build(root *ssa.Function) (m *Model) {
	defer func() {
		if r := recover(); r != nil {
			m = nil
			p.count(fmt.Sprintf("panic in the model of %s: %v\n%s", root, r, debug.Stack()))
		}
	}()
	built := p.builder.Build(root)
	if built.GaveUp != "" {
		p.count(built.GaveUp + " in " + root.Name())
		return nil
	}
	return &Model{Model: built, Joins: order.New(built)}
}
