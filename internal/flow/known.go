package flow

import (
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/model"
)

// known is, for one model, what does not depend on the path: the canonical
// forms of its conditions, and which of them are worth remembering. Expressions
// are compared as text, but each text only once: then they have a number.
type known struct {
	m      *model.Model
	steps  int // of all walks so far
	told   int // operations, in all walks so far
	ledger *ledger
	idle   []*walker

	exprs []expr
	ids   map[string]exprID // of exprs, by text
	first []int             // by instance: where its blocks begin in tests
	tests []canonical       // by block: the condition of the If at its end

	terms      map[model.Ref]*term
	constants  map[string]*term
	loads      map[*term]*term
	parts      map[partKey]*term
	equations  map[equationKey]exprID
	conditions map[model.Ref]canonical
	stale      map[*ssa.UnOp]bool // see overwritten
}

type partKey struct {
	of    *term
	index int
}

type equationKey struct{ x, y *term }

// An exprID is the number of an expression: equal expressions have equal ones.
type exprID int32

// The expressions that need no deciding.
const (
	exprTrue exprID = iota
	exprFalse
)

// An expr is a boolean expression.
type expr struct {
	text    string
	values  []definition
	worth   bool   // see survey
	subject string // of the comparison with an integer constant
	literal string // that constant, or empty
}

// A term is the name of a value, or what is made from names. It is the same
// wherever the value is the same.
type term struct {
	text   string
	values []definition

	looked []uint64 // a bit for each expression searched for the term
	within []uint64 // a bit for each of those that contain it
}

// A definition is the place where a value that occurs in a term is computed:
// when control passes there again, the name stands for another value.
type definition struct {
	inst  *model.Instance
	block *ssa.BasicBlock
}

// canonical is a condition as facts compare it.
type canonical struct {
	expr     exprID
	positive bool
}

// knownOf returns what is known of a model.
func knownOf(m *model.Model) *known {
	if k, ok := m.Paths.(*known); ok {
		return k
	}
	k := &known{
		m:          m,
		ids:        make(map[string]exprID),
		terms:      make(map[model.Ref]*term),
		constants:  make(map[string]*term),
		loads:      make(map[*term]*term),
		parts:      make(map[partKey]*term),
		equations:  make(map[equationKey]exprID),
		conditions: make(map[model.Ref]canonical),
		stale:      make(map[*ssa.UnOp]bool),
	}
	k.ledger = newLedger(k)
	k.expr("true", nil)
	k.expr("false", nil)
	m.Paths = k
	k.survey()
	return k
}

// Forget lets go of what walks have found out about a model so far, and gives
// those to come a budget of their own.
func Forget(m *model.Model) { m.Paths = nil }

// survey finds the conditions that are worth remembering: those tested in more
// than one place, and those on a value that flows on, into a variable, a
// result or a phi, and may be tested there under another name. It leaves out
// the instances that no walk enters.
func (k *known) survey() {
	k.first = make([]int, len(k.m.Instances))
	blocks := 0
	for i, inst := range k.m.Instances {
		k.first[i] = blocks
		blocks += len(inst.Fn.Blocks)
	}
	k.tests = make([]canonical, blocks)
	tested := make(map[exprID]bool)
	for i, inst := range k.m.Instances {
		if !k.m.HasEffect(inst) && inst != inst.Thread.Root {
			continue
		}
		for _, b := range inst.Fn.Blocks {
			test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			c := k.condition(inst, test.Cond)
			k.tests[k.first[i]+b.Index] = c
			if tested[c.expr] || flowsOn(test.Cond) {
				k.exprs[c.expr].worth = true
			}
			tested[c.expr] = true
		}
	}
}

// flowsOn reports whether a condition, or what it compares, is used for more
// than being tested.
func flowsOn(cond ssa.Value) bool {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if handedOn(v) {
			return true
		}
		return flowsOn(v.X)
	case *ssa.BinOp:
		return handedOn(v) || handedOn(v.X) || handedOn(v.Y)
	}
	return handedOn(cond)
}

func handedOn(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.Phi, *ssa.Return, *ssa.Store:
			return true
		}
	}
	return false
}

// test returns the condition of the If that ends a block.
func (k *known) test(inst *model.Instance, b *ssa.BasicBlock) canonical {
	return k.tests[k.first[inst.ID]+b.Index]
}

// expr returns the number of an expression.
func (k *known) expr(text string, values []definition) exprID {
	id, ok := k.ids[text]
	if ok {
		return id
	}
	e := expr{text: text, values: values}
	if x, c, ok := strings.Cut(text, "=="); ok && isLiteral(c) {
		e.subject, e.literal = x, c
	}
	id = exprID(len(k.exprs))
	k.exprs = append(k.exprs, e)
	k.ids[text] = id
	return id
}

// boolean returns the expression that a term is.
func (k *known) boolean(t *term) exprID { return k.expr(t.text, t.values) }

// equation returns the expression x == y, which is y == x.
func (k *known) equation(x, y *term) exprID {
	key := equationKey{x, y}
	id, ok := k.equations[key]
	if !ok {
		if isLiteral(x.text) || y.text < x.text && !isLiteral(y.text) {
			x, y = y, x
		}
		id = k.compare(x, "==", y)
		k.equations[key] = id
	}
	return id
}

func (k *known) compare(x *term, op string, y *term) exprID {
	return k.expr(x.text+op+y.text, both(x.values, y.values))
}

func both(a, b []definition) []definition {
	return append(a[:len(a):len(a)], b...)
}

// constant returns the term of a constant.
func (k *known) constant(text string) *term {
	t := k.constants[text]
	if t == nil {
		t = &term{text: text}
		k.constants[text] = t
	}
	return t
}

// load returns the term of what is stored at an address.
func (k *known) load(addr *term) *term {
	t := k.loads[addr]
	if t == nil {
		t = &term{text: "*(" + addr.text + ")", values: addr.values}
		k.loads[addr] = t
	}
	return t
}

// part returns the term of one of several results.
func (k *known) part(of *term, index int) *term {
	key := partKey{of, index}
	t := k.parts[key]
	if t == nil {
		t = &term{text: of.text + "#" + strconv.Itoa(index), values: of.values}
		k.parts[key] = t
	}
	return t
}

// contains reports whether an expression contains a term.
func (k *known) contains(id exprID, t *term) bool {
	i, bit := int(id>>6), uint64(1)<<(id&63)
	if i >= len(t.looked) {
		more := make([]uint64, len(k.exprs)>>6+1-len(t.looked))
		t.looked, t.within = append(t.looked, more...), append(t.within, more...)
	}
	if t.looked[i]&bit == 0 {
		t.looked[i] |= bit
		if strings.Contains(k.exprs[id].text, t.text) {
			t.within[i] |= bit
		}
	}
	return t.within[i]&bit != 0
}
