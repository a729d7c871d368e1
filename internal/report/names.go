package report

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// Rename renames all uses of an object inside a node, and its declaration if
// that is there too. It is refused where the new name means something else.
func (e *Editor) Rename(in ast.Node, obj types.Object, name string) {
	if !e.has(in) {
		return
	}
	if obj == nil || e.pass.TypesInfo == nil {
		e.refuse("object unknown")
		return
	}
	if e.mentions(in, name) {
		e.refuse("name " + name + " is taken")
		return
	}
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && e.pass.TypesInfo.ObjectOf(id) == obj {
			e.Replace(id, name)
		}
		return true
	})
}

// FreshName returns base, or base with a number, such that the name means
// nothing at the node's start or inside it. A caller that declares the name
// passes the node in which it will be visible.
func (e *Editor) FreshName(in ast.Node, base string) string {
	if !e.has(in) {
		return base
	}
	name := base
	for i := 2; e.mentions(in, name) || e.lookup(name, in.Pos()) != nil; i++ {
		name = base + strconv.Itoa(i)
	}
	return name
}

// mentions reports whether an identifier with the name occurs in the node. A
// field or method of that name counts as well: it costs little to be strict.
func (e *Editor) mentions(in ast.Node, name string) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// lookup returns the object that the name denotes at pos, or nil.
func (e *Editor) lookup(name string, pos token.Pos) types.Object {
	if e.pass.Pkg == nil {
		return nil
	}
	scope := e.pass.Pkg.Scope()
	if inner := scope.Innermost(pos); inner != nil {
		scope = inner
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}
