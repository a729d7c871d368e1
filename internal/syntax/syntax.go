// Package syntax answers questions about source text and its syntax tree:
// which node stands at a position, what an operation is applied to, what its
// source says. It has no policy.
package syntax

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// An Index finds nodes of a package's files by position.
type Index struct {
	Fset  *token.FileSet
	Files []*ast.File
}

// File returns the file that contains pos, or nil.
func (x *Index) File(pos token.Pos) *ast.File {
	for _, f := range x.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// InOrder returns the files of a package sorted by name, whatever order a driver has
// parsed or listed them in, so that what is found does not depend on it. It leaves its
// argument as it is, and returns that where it is sorted.
func InOrder(fset *token.FileSet, files []*ast.File) []*ast.File {
	byName := func(a, b *ast.File) int {
		return strings.Compare(fset.File(a.FileStart).Name(), fset.File(b.FileStart).Name())
	}
	if slices.IsSortedFunc(files, byName) {
		return files
	}
	return slices.SortedStableFunc(slices.Values(files), byName)
}

// Path returns the nodes that enclose pos, the innermost first.
func (x *Index) Path(pos token.Pos) []ast.Node {
	f := x.File(pos)
	if f == nil {
		return nil
	}
	root := f
	if d := declaration(f, pos); d != nil {
		// The search looks at all children of a node, and a file has many.
		part := *f
		part.Decls = []ast.Decl{d}
		root = &part
	}
	path, _ := astutil.PathEnclosingInterval(root, pos, pos+1)
	if n := len(path); n > 0 && path[n-1] == ast.Node(root) {
		path[n-1] = f
	}
	return path
}

// declaration returns the declaration of a file that contains pos, or nil.
func declaration(f *ast.File, pos token.Pos) ast.Decl {
	i := sort.Search(len(f.Decls), func(i int) bool { return f.Decls[i].End() > pos })
	if i < len(f.Decls) && f.Decls[i].Pos() <= pos {
		return f.Decls[i]
	}
	return nil
}

// Enclosing returns the innermost node of type T around pos, or the zero T.
func Enclosing[T ast.Node](x *Index, pos token.Pos) T {
	for _, n := range x.Path(pos) {
		if t, ok := n.(T); ok {
			return t
		}
	}
	var zero T
	return zero
}

// Operation returns the statement or expression of the channel operation or
// call at the position that SSA gives it, and what it is applied to: the
// channel, or the receiver of the method. Both are nil where there is none.
func (x *Index) Operation(pos token.Pos) (op ast.Node, operand ast.Expr) {
	for _, n := range x.Path(pos) {
		switch n := n.(type) {
		case *ast.SendStmt:
			return n, n.Chan
		case *ast.RangeStmt:
			if n.For == pos {
				return n, n.X
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && n.OpPos == pos {
				return n, n.X
			}
		case *ast.GoStmt:
			if n.Go == pos {
				return n, nil
			}
		case *ast.DeferStmt:
			if n.Defer == pos {
				return n, receiver(n.Call)
			}
		case *ast.CallExpr:
			if n.Lparen == pos {
				return n, receiver(n)
			}
		}
	}
	return nil, nil
}

// ReturnStmt returns the return statement at the position that SSA gives it, or
// nil where a function ends without one.
func (x *Index) ReturnStmt(pos token.Pos) *ast.ReturnStmt {
	if !pos.IsValid() {
		return nil
	}
	for _, n := range x.Path(pos) {
		if stmt, ok := n.(*ast.ReturnStmt); ok && stmt.Return == pos {
			return stmt
		}
	}
	return nil
}

// MeansTheSame reports whether an expression has the same meaning at pos: the
// name with which it begins is not declared anew, and it only selects fields.
func MeansTheSame(info *types.Info, pkg *types.Package, e ast.Expr, pos token.Pos) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
			continue
		case *ast.Ident:
			obj := info.ObjectOf(x)
			inner := pkg.Scope().Innermost(pos)
			if obj == nil || inner == nil {
				return false
			}
			_, found := inner.LookupParent(x.Name, pos)
			return found == obj
		}
		return false
	}
}

// receiver returns what a call is applied to: the receiver of a method call or
// the first argument of a function call.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	if len(call.Args) > 0 {
		return call.Args[0]
	}
	return nil
}

// Span returns where an operation begins and where its head ends: a range
// statement ends with what it ranges over, a go statement with its function's
// signature.
func (x *Index) Span(pos token.Pos) (start, end token.Pos) {
	op, _ := x.Operation(pos)
	switch n := op.(type) {
	case nil:
		return pos, token.NoPos
	case *ast.RangeStmt:
		return n.For, n.X.End()
	case *ast.GoStmt:
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
			return n.Go, lit.Type.End()
		}
		return n.Go, n.End()
	default:
		return n.Pos(), n.End()
	}
}

// Text returns the source form of an expression in at most one short line.
func Text(e ast.Expr) string {
	if e == nil {
		return ""
	}
	s := strings.Join(strings.Fields(types.ExprString(e)), " ")
	if r := []rune(s); len(r) > 40 {
		s = string(r[:37]) + "..."
	}
	return s
}

// Line returns the line of pos.
func (x *Index) Line(pos token.Pos) int { return x.Fset.Position(pos).Line }

// LineOf names the line of pos for a message that stands at from: with its file
// where that is another one.
func (x *Index) LineOf(pos, from token.Pos) string {
	at, here := x.Fset.Position(pos), x.Fset.Position(from)
	if at.Filename != here.Filename {
		return fmt.Sprintf("line %d of %s", at.Line, filepath.Base(at.Filename))
	}
	return fmt.Sprintf("line %d", at.Line)
}

// List returns the statements that a block, or a clause of a switch or select, holds;
// nil for other nodes.
func List(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// Around returns the list in which a statement stands, and its place there; -1 if it
// stands in none.
func (x *Index) Around(stmt ast.Stmt) (list []ast.Stmt, i int) {
	for _, n := range x.Path(stmt.Pos()) {
		list := List(n)
		if i := slices.Index(list, stmt); i >= 0 {
			return list, i
		}
	}
	return nil, -1
}

// Function returns the type and the body of the innermost function around pos, or nil.
func (x *Index) Function(pos token.Pos) (*ast.FuncType, *ast.BlockStmt) {
	for _, n := range x.Path(pos) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Type, n.Body
		case *ast.FuncLit:
			return n.Type, n.Body
		}
	}
	return nil, nil
}

// NewInfo returns an empty types.Info with all its maps.
func NewInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
}
