package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file follows a cancel function into a field. A field that is set nowhere
// else, and called in another function, stops nobody if the context that belongs
// to it is discarded.

// cancelledByField returns a call of the field that a cancel function is kept
// in, if every call of that field is one of this cancel function, and the
// function that keeps it goes on with the parent of the discarded context. It
// returns nil where something else may be in the field, or the parent is not
// read any more: then perhaps only something that can be called is wanted.
func (s *subject) cancelledByField(cancel ast.Expr, derive *ast.CallExpr, assign *ast.AssignStmt) *ast.CallExpr {
	if !s.goesOnWithParent(derive, assign) {
		return nil
	}
	field, set := s.keptIn(cancel, assign)
	if field == nil || isShared(field) || s.eng.SelectedElsewhere(field.Name()) {
		return nil
	}
	var call *ast.CallExpr
	for _, p := range s.mentionsOf(field) {
		switch n := p.parent().(type) {
		case *ast.CallExpr:
			if !p.is(n.Fun) {
				return nil
			}
			if call == nil && !s.inTest(n.Pos()) {
				call = n
			}
		case *ast.Field, *ast.BinaryExpr: // its declaration, and whether it is nil
		case *ast.AssignStmt:
			if ast.Node(n) != set && slices.ContainsFunc(n.Lhs, p.is) && !s.setsNil(n, p) {
				return nil
			}
		case *ast.KeyValueExpr:
			if ast.Node(n) != set && !(p.is(n.Key) && s.isNil(n.Value)) {
				return nil
			}
		default:
			return nil // its address, or a literal without keys
		}
	}
	return call
}

// goesOnWithParent reports whether the context that another one is derived from
// is a variable that the same function reads behind the call.
func (s *subject) goesOnWithParent(derive *ast.CallExpr, assign *ast.AssignStmt) bool {
	if len(derive.Args) == 0 {
		return false
	}
	id, ok := ast.Unparen(derive.Args[0]).(*ast.Ident)
	fd := s.declAround(assign)
	if !ok || fd == nil {
		return false
	}
	parent := s.varOf(id)
	return parent != nil && slices.ContainsFunc(s.uses(parent), func(p place) bool {
		return assign.End() <= p.expr.Pos() && p.expr.End() <= fd.End() && !p.isAssigned()
	})
}

// keptIn returns the field that a cancel function is put into, and the
// assignment or the element of a literal that puts it there. It returns nil for
// a variable that is set or read anywhere else.
func (s *subject) keptIn(cancel ast.Expr, assign *ast.AssignStmt) (field *types.Var, set ast.Node) {
	v := s.varOf(cancel)
	if v == nil || v.IsField() {
		return v, assign
	}
	for _, p := range s.mentionsOf(v) {
		var to ast.Expr
		n := p.parent()
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n == assign {
				continue
			}
			if i := slices.IndexFunc(n.Rhs, p.is); i >= 0 && len(n.Lhs) == len(n.Rhs) {
				to = n.Lhs[i]
			}
		case *ast.KeyValueExpr:
			if p.is(n.Value) {
				to = n.Key
			}
		case *ast.ValueSpec:
			if len(n.Values) == 0 {
				continue
			}
		}
		if to == nil || field != nil {
			return nil, nil
		}
		if field, set = s.varOf(to), n; field == nil || !field.IsField() {
			return nil, nil
		}
	}
	return field, set
}

// setsNil reports whether an assignment sets the mentioned field to nil.
func (s *subject) setsNil(assign *ast.AssignStmt, p place) bool {
	i := slices.IndexFunc(assign.Lhs, p.is)
	return assign.Tok == token.ASSIGN && len(assign.Lhs) == len(assign.Rhs) && s.isNil(assign.Rhs[i])
}

func (s *subject) isNil(e ast.Expr) bool { return s.eng.Info.Types[e].IsNil() }

// mentionsOf returns the mentions of a variable in all files of the package, of
// whatever type it is, and with them the literals of a struct that set a field
// without naming it. It walks the package each time, which is seldom.
func (s *subject) mentionsOf(v *types.Var) (places []place) {
	for _, file := range s.eng.Syntax.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if m, ok := s.eng.Info.ObjectOf(n).(*types.Var); ok && m.Origin() == v.Origin() {
					places = append(places, placeOf(n, stack))
				}
			case *ast.CompositeLit:
				if s.setsUnnamed(n, v) {
					places = append(places, place{expr: n, stack: []ast.Node{n}})
				}
			}
			return true
		})
	}
	return places
}

// placeOf returns the mention that an identifier is, given what encloses it.
func placeOf(id *ast.Ident, stack []ast.Node) place {
	last := len(stack) - 1
	if sel, ok := stack[last].(*ast.SelectorExpr); ok && sel.Sel == id {
		return place{expr: sel, stack: slices.Clone(stack[:last])}
	}
	return place{expr: id, stack: slices.Clone(stack)}
}

// setsUnnamed reports whether a literal of a struct sets a field by its
// position.
func (s *subject) setsUnnamed(lit *ast.CompositeLit, field *types.Var) bool {
	if len(lit.Elts) == 0 || !field.IsField() {
		return false
	}
	if _, named := lit.Elts[0].(*ast.KeyValueExpr); named {
		return false
	}
	t := s.eng.Info.TypeOf(lit)
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // an element of []*T
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Origin() == field.Origin() {
			return true
		}
	}
	return false
}
