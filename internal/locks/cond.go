package locks

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// A test is the condition of a branch in the form in which facts are kept: it
// holds when the value at path equals a constant, or when it does not.
type test struct {
	path   *Path
	value  string
	equal  bool
	origin ssa.Value
}

// testOf brings a condition into the form of a fact.
func (t *paths) testOf(cond ssa.Value) test {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			inner := t.testOf(v.X)
			inner.equal = !inner.equal
			return inner
		}
	case *ssa.BinOp:
		if out, ok := t.comparison(v); ok {
			return out
		}
	}
	return test{path: t.Of(cond), value: "true", equal: true, origin: cond}
}

// comparison brings comparisons with constants into the form of a fact, and
// the others into one of two forms each.
func (t *paths) comparison(v *ssa.BinOp) (test, bool) {
	x, y := v.X, v.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	c, isConst := y.(*ssa.Const)
	switch v.Op {
	case token.EQL, token.NEQ:
		if !isConst {
			if v.Op == token.EQL {
				return test{}, false
			}
			p := t.compared(t.Of(v.X), token.EQL, v.Y)
			return test{p, "true", false, v}, true
		}
		return test{t.Of(x), constName(c), v.Op == token.EQL, x}, true
	case token.GTR:
		// len(x) > 0 is len(x) != 0.
		if isConst && y == v.Y && constName(c) == "0" && isLen(x) {
			return test{t.Of(x), "0", false, x}, true
		}
	case token.GEQ, token.LEQ:
		op := token.LSS
		if v.Op == token.LEQ {
			op = token.GTR
		}
		p := t.compared(t.Of(v.X), op, v.Y)
		return test{p, "true", false, v}, true
	}
	return test{}, false
}

func isLen(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// constant returns what is known of a value by itself: that it is a constant,
// or at least not nil.
func constantOf(v ssa.Value) (value string, equal, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if b, isBasic := v.Type().Underlying().(*types.Basic); v.Value == nil || isBasic && b.Info()&(types.IsBoolean|types.IsInteger) != 0 {
			return constName(v), true, true
		}
	case *ssa.MakeInterface, *ssa.Alloc, *ssa.MakeClosure, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice, *ssa.FieldAddr, *ssa.Function:
		return "nil", false, true
	case *ssa.Call:
		if isNewError(v) {
			return "nil", false, true
		}
	case *ssa.UnOp:
		if g, isGlobal := v.X.(*ssa.Global); isGlobal && v.Op == token.MUL && api.IsError(v.Type()) && isSentinel(g.Name()) {
			return "nil", false, true
		}
	}
	return "", false, false
}

// isSentinel reports whether a package-level variable is, by its name, one that
// holds an error made at the start of the program.
func isSentinel(name string) bool {
	return strings.HasPrefix(name, "err") || strings.HasPrefix(name, "Err") || name == "EOF"
}

// isNewError reports whether a call makes an error.
func isNewError(v *ssa.Call) bool {
	fn := v.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil {
		return false
	}
	switch fn.Pkg.Pkg.Path() + "." + fn.Name() {
	case "errors.New", "fmt.Errorf":
		return true
	}
	return false
}

// assign tells the state that the value at to is now that of v.
func (w *walker) assign(s *state, to *Path, v ssa.Value, origin ssa.Value) {
	if value, equal, ok := constantOf(v); ok {
		s.learn(fact{path: to, value: value, equal: equal, origin: origin})
		return
	}
	tv := w.a.paths.testOf(v)
	if from := w.a.paths.Of(v); from != to {
		for _, f := range s.facts {
			if f.path == from {
				s.learn(fact{path: to, value: f.value, equal: f.equal, origin: origin})
			}
		}
	}
	if isBool(tv.value) || tv.path != w.a.paths.Of(v) {
		if equal, known := s.decide(tv.path, tv.value); known && isBoolType(v.Type()) {
			s.learn(fact{path: to, value: "true", equal: equal == tv.equal, origin: origin})
		}
	}
}

func isBoolType(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// survey finds the paths whose facts are worth keeping in a function: those
// tested more than once, and those that flow on into a variable, a result or a
// phi, and may be tested there under another name.
func (w *walker) survey() {
	count := make(map[*Path]int)
	deciding := w.deciding()
	for _, b := range w.fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		t := w.a.paths.testOf(branch.Cond)
		w.tests[branch] = t
		count[t.path]++
		if count[t.path] > 1 || flowsOn(branch.Cond) {
			w.worth[t.path] = true
		}
		if deciding[b.Index] {
			w.worth[t.path] = true
		}
		if p, ok := branch.Cond.(*ssa.Phi); ok {
			w.worthPhi(p)
		}
		if u, ok := branch.Cond.(*ssa.UnOp); ok {
			if p, ok := u.X.(*ssa.Phi); ok {
				w.worthPhi(p)
			}
		}
	}
}

// worthPhi marks what a tested phi merges.
func (w *walker) worthPhi(p *ssa.Phi) {
	path := w.a.paths.Of(p)
	w.worth[path] = true
	for _, e := range p.Edges {
		w.worth[w.a.paths.testOf(e).path] = true
	}
}

// flowsOn reports whether a condition, or what it compares, is used for more
// than being tested.
func flowsOn(cond ssa.Value) bool {
	switch v := cond.(type) {
	case *ssa.UnOp:
		return handedOn(v) || flowsOn(v.X)
	case *ssa.BinOp:
		return handedOn(v) || handedOn(v.X) || handedOn(v.Y)
	case *ssa.Phi:
		return true
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	}
	return handedOn(cond)
}

func handedOn(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const:
		return false
	case *ssa.Phi:
		return true
	}
	if v.Referrers() == nil {
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
