package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

// A place is a mention of a variable in the package.
type place struct {
	expr  ast.Expr   // the identifier, or the selector expression of a field
	stack []ast.Node // what encloses it, the outermost first
}

// parent returns the node around the mention, parentheses aside.
func (p place) parent() ast.Node {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if _, ok := p.stack[i].(*ast.ParenExpr); !ok {
			return p.stack[i]
		}
	}
	return nil
}

// is reports whether an expression is the mention, parentheses aside.
func (p place) is(e ast.Expr) bool { return e != nil && ast.Unparen(e) == p.expr }

// uses returns the mentions of a channel, context, Timer or Ticker in all files
// of the package, its declaration included.
func (s *subject) uses(v *types.Var) []place {
	if s.places == nil {
		s.places = make(map[*types.Var][]place)
		for _, file := range s.eng.Syntax.Files {
			ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				v, ok := s.eng.Info.ObjectOf(id).(*types.Var)
				if !ok || !isWatched(v.Type()) {
					return true
				}
				s.places[v.Origin()] = append(s.places[v.Origin()], placeOf(id, stack))
				return true
			})
		}
	}
	return s.places[v.Origin()]
}

// isWatched reports whether the mentions of variables of a type are looked up.
func isWatched(t types.Type) bool {
	_, isChan := t.Underlying().(*types.Chan)
	return isChan || api.IsContext(t) || api.IsTimer(t)
}

// varOf returns the variable or field that an expression denotes, or nil.
func (s *subject) varOf(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := s.eng.Info.ObjectOf(e).(*types.Var)
		return v
	case *ast.SelectorExpr:
		v, _ := s.eng.Info.ObjectOf(e.Sel).(*types.Var)
		return v
	}
	return nil
}

// isAssigned reports whether the mention is assigned to, other than by its
// declaration, or its address is taken.
func (p place) isAssigned() bool {
	switch n := p.parent().(type) {
	case *ast.AssignStmt:
		return n.Tok != token.DEFINE && slices.ContainsFunc(n.Lhs, p.is)
	case *ast.RangeStmt:
		return n.Tok == token.ASSIGN && (p.is(n.Key) || p.is(n.Value))
	case *ast.UnaryExpr:
		return n.Op == token.AND
	}
	return false
}

// holdsDone reports whether a variable is declared as the Done channel of a
// context, and never assigned again.
func (s *subject) holdsDone(v *types.Var) bool {
	declared := false
	for _, p := range s.uses(v) {
		if p.isAssigned() {
			return false
		}
		if n, ok := p.parent().(*ast.AssignStmt); ok && len(n.Lhs) == len(n.Rhs) {
			if i := slices.IndexFunc(n.Lhs, p.is); i >= 0 {
				declared = s.doneOf(ast.Unparen(n.Rhs[i])) != nil
			}
		}
	}
	return declared
}

// onlyCloses reports whether nothing is done in the package with a channel of
// empty structs but to make it, to close it and to receive from it: then a
// receive means that it is closed. It is false for a channel that gets where it
// cannot be seen.
func (s *subject) onlyCloses(v *types.Var) bool {
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || !isEmptyStruct(ch.Elem()) || isShared(v) || s.eng.SelectedElsewhere(v.Name()) {
		return false
	}
	closes, makes := false, false
	for _, p := range s.uses(v) {
		switch s.channelUse(p) {
		case closed:
			closes = true
		case made:
			makes = true
		case receivedFrom:
		default:
			return false
		}
	}
	return closes && makes
}

func isEmptyStruct(t types.Type) bool {
	u, ok := t.Underlying().(*types.Struct)
	return ok && u.NumFields() == 0
}

// isShared reports whether other packages can get at a field or variable.
func isShared(v *types.Var) bool {
	return v.Exported() && v.Pkg() != nil && v.Pkg().Name() != "main" && (v.IsField() || v.Parent() == v.Pkg().Scope())
}

// What is done with a channel where it is mentioned.
type channelUse uint8

const (
	unknown      channelUse = iota // it may be sent to from there on
	made                           // it is made, or declared without a value
	receivedFrom                   // it is received from, or passed on to be received from
	closed
)

// channelUse classifies the mention of a channel.
func (s *subject) channelUse(p place) channelUse {
	switch n := p.parent().(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return receivedFrom
		}
	case *ast.RangeStmt:
		if p.is(n.X) {
			return receivedFrom
		}
	case *ast.BinaryExpr:
		return receivedFrom // compared
	case *ast.CallExpr:
		return s.argumentUse(n, p)
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			if len(n.Lhs) != len(n.Rhs) {
				break
			}
			if p.is(lhs) && s.isFresh(n.Rhs[i]) {
				return made
			}
			if p.is(n.Rhs[i]) && s.isReceiveOnly(s.eng.Info.TypeOf(lhs)) {
				return receivedFrom
			}
		}
	case *ast.ValueSpec:
		if i := slices.IndexFunc(n.Names, func(id *ast.Ident) bool { return p.is(id) }); i >= 0 {
			if len(n.Values) == 0 || len(n.Values) == len(n.Names) && s.isFresh(n.Values[i]) {
				return made
			}
		} else if n.Type != nil && s.isReceiveOnly(s.eng.Info.TypeOf(n.Type)) {
			return receivedFrom
		}
	case *ast.KeyValueExpr:
		switch {
		case p.is(n.Key) && s.isFresh(n.Value):
			return made
		case p.is(n.Value) && s.varOf(n.Key) != nil && s.isReceiveOnly(s.varOf(n.Key).Type()):
			return receivedFrom
		}
	case *ast.ReturnStmt:
		sig := s.signature(funcAround(p.stack))
		if i := slices.IndexFunc(n.Results, p.is); sig != nil && sig.Results().Len() == len(n.Results) && s.isReceiveOnly(sig.Results().At(i).Type()) {
			return receivedFrom
		}
	case *ast.Field:
		if len(p.stack) > 2 && isStructType(p.stack[len(p.stack)-3:]) {
			return receivedFrom // the declaration of a field
		}
	}
	return unknown
}

// isStructType reports whether a stack ends in the list of a struct's fields and
// one of them.
func isStructType(stack []ast.Node) bool {
	_, ok := stack[0].(*ast.StructType)
	return ok
}

// argumentUse classifies the mention of a channel in a call.
func (s *subject) argumentUse(call *ast.CallExpr, p place) channelUse {
	i := slices.IndexFunc(call.Args, p.is)
	if i < 0 {
		return unknown
	}
	if b, ok := typeutil.Callee(s.eng.Info, call).(*types.Builtin); ok {
		if b.Name() == "close" {
			return closed
		}
		return receivedFrom // len and cap
	}
	sig, ok := s.eng.Info.TypeOf(call.Fun).(*types.Signature)
	if ok && i < sig.Params().Len() && s.isReceiveOnly(sig.Params().At(i).Type()) {
		return receivedFrom
	}
	return unknown
}

// signature returns the signature of a function declaration or literal, or nil.
func (s *subject) signature(fn ast.Node) *types.Signature {
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		if f, ok := s.eng.Info.Defs[fn.Name].(*types.Func); ok {
			return f.Signature()
		}
	case *ast.FuncLit:
		sig, _ := s.eng.Info.TypeOf(fn).(*types.Signature)
		return sig
	}
	return nil
}

// isFresh reports whether an expression is a channel that nobody else has: a
// new one or nil.
func (s *subject) isFresh(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return s.eng.Info.Types[e].IsNil()
	}
	b, ok := typeutil.Callee(s.eng.Info, call).(*types.Builtin)
	return ok && b.Name() == "make"
}

func (s *subject) isReceiveOnly(t types.Type) bool {
	if t == nil {
		return false
	}
	ch, ok := t.Underlying().(*types.Chan)
	return ok && ch.Dir() == types.RecvOnly
}
