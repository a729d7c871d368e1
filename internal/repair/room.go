package repair

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/report"
)

// room makes a channel large enough for all that is sent on it, so that no sender
// ever waits.
//
// It is right where the sender needs no more than to get rid of its value: the
// send is the last thing that it does. The value must need no care either: a
// connection that nobody receives would stay open.
func (s *Smith) room(site token.Pos) *report.Fix {
	if !site.IsValid() {
		return nil
	}
	node, _ := s.eng.Syntax.Operation(site)
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	v, stmt := s.declared(call)
	if v == nil {
		return nil
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || closes(ch.Elem(), 0) {
		return nil
	}
	list, i := s.eng.Syntax.Around(stmt)
	left := maxUses
	c := counter{smith: s, v: v, made: stmt, left: &left}
	if list == nil || !c.onlyUsed() {
		return nil
	}
	n := c.list(list[i+1:], false)
	text := n.String()
	if n.unknown || text == "" {
		return nil
	}
	e := s.pass.Edit(call.Pos())
	switch size := s.constant(call); {
	case len(call.Args) == 1:
		e.Insert(call.Args[0].End(), ", "+text)
	case len(call.Args) == 2 && size >= 0 && (len(n.lengths) > 0 || int64(n.fixed) > size):
		e.Replace(call.Args[1], text)
	default:
		return nil
	}
	if text == "1" {
		return e.Fix("Make room in " + v.Name() + " for the value that nobody may receive")
	}
	return e.Fix("Make room in " + v.Name() + " for the values of all senders")
}

// constant returns the size that a make gives its channel: 0 without one, and -1
// if it is not known.
func (s *Smith) constant(call *ast.CallExpr) int64 {
	if len(call.Args) < 2 {
		return 0
	}
	if tv := s.pass.TypesInfo.Types[call.Args[1]]; tv.Value != nil {
		if n, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok {
			return n
		}
	}
	return -1
}

// closes reports whether a value of type t has to be closed, or holds one that has.
func closes(t types.Type, depth int) bool {
	for _, name := range []string{"Close", "Stop", "Release"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return true
			}
		}
	}
	if depth > 3 {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return closes(u.Elem(), depth+1)
	case *types.Slice:
		return closes(u.Elem(), depth+1)
	case *types.Struct:
		for f := range u.Fields() {
			if closes(f.Type(), depth+1) {
				return true
			}
		}
	case *types.Chan, *types.Signature:
		return true // who receives it has to answer, or to call it
	}
	return false
}

// declared returns the local variable that a statement declares with the value of
// a call alone, and the statement.
func (s *Smith) declared(call *ast.CallExpr) (*types.Var, ast.Stmt) {
	var name *ast.Ident
	for _, n := range s.eng.Syntax.Path(call.Lparen) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE || len(n.Lhs) != len(n.Rhs) {
				return nil, nil
			}
			for i, rhs := range n.Rhs {
				if ast.Unparen(rhs) == ast.Expr(call) {
					name, _ = n.Lhs[i].(*ast.Ident)
				}
			}
			return s.local(name), n
		case *ast.ValueSpec:
			for i, value := range n.Values {
				if ast.Unparen(value) == ast.Expr(call) && len(n.Values) == len(n.Names) {
					name = n.Names[i]
				}
			}
		case *ast.DeclStmt:
			return s.local(name), n
		case *ast.CallExpr, *ast.ParenExpr, *ast.GenDecl:
			if n != ast.Node(call) && name == nil {
				if _, ok := n.(*ast.ParenExpr); !ok {
					return nil, nil
				}
			}
		default:
			return nil, nil
		}
	}
	return nil, nil
}

func (s *Smith) local(name *ast.Ident) *types.Var {
	if name == nil {
		return nil
	}
	v, _ := s.pass.TypesInfo.Defs[name].(*types.Var)
	return v
}

// A number is how many values are sent at most: a fixed number, and the lengths
// of some expressions.
type number struct {
	fixed   int
	lengths []string
	unknown bool
}

var unknown = number{unknown: true}

func (n number) String() string {
	text := ""
	for _, l := range n.lengths {
		if text != "" {
			text += "+"
		}
		text += l
	}
	switch {
	case n.fixed == 0:
		return text
	case text == "":
		return fmt.Sprint(n.fixed)
	}
	return fmt.Sprintf("%s+%d", text, n.fixed)
}

func (n number) plus(m number) number {
	return number{n.fixed + m.fixed, append(append([]string(nil), n.lengths...), m.lengths...), n.unknown || m.unknown}
}

// or returns the larger of two numbers.
func (n number) or(m number) number {
	switch {
	case n.unknown || m.unknown:
		return unknown
	case len(n.lengths) == 0 && n.fixed <= m.fixed || n.fixed == 0 && len(n.lengths) == 0:
		return m
	case len(m.lengths) == 0 && m.fixed <= n.fixed:
		return n
	}
	return unknown
}

// times returns the number for something done once for each of length.
func (n number) times(length string) number {
	switch {
	case n.unknown || len(n.lengths) > 0:
		return unknown
	case n.fixed == 0:
		return n
	case n.fixed == 1:
		return number{lengths: []string{length}}
	}
	return number{lengths: []string{fmt.Sprintf("%d*%s", n.fixed, length)}}
}

// operand returns the channel of a send, or nil.
func operand(stmt ast.Stmt) ast.Expr {
	if send, ok := stmt.(*ast.SendStmt); ok {
		return ast.Unparen(send.Chan)
	}
	return nil
}
