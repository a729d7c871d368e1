package engine

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Write is a place at which a field gets a value, in the syntax: the SSA form lacks
// the functions without concurrency, which set fields too.
type Write struct {
	// Decl is the function, or nil for a package-level variable's value.
	Decl *ast.FuncDecl
	// Value is what is assigned, or nil where that is computed from the old value or
	// happens through the field's address.
	Value ast.Expr
	// Tok is the assignment's token; token.INC and token.DEC for those, token.COLON in a
	// composite literal, and token.AND where the address is taken.
	Tok token.Token
}

// Writes returns where the package sets a field.
func (p *Package) Writes(f *types.Var) []Write {
	if p.writes == nil {
		p.writes = make(map[*types.Var][]Write)
		for _, file := range p.Syntax.Files {
			for _, d := range file.Decls {
				fd, _ := d.(*ast.FuncDecl)
				for n := range ast.Preorder(d) {
					p.noteWrites(fd, n)
				}
			}
		}
	}
	return p.writes[f]
}

func (p *Package) noteWrites(fd *ast.FuncDecl, n ast.Node) {
	add := func(e ast.Expr, value ast.Expr, tok token.Token) {
		if f, ok := p.Object(e).(*types.Var); ok && f.IsField() {
			p.writes[f.Origin()] = append(p.writes[f.Origin()], Write{fd, value, tok})
		}
		if star, ok := e.(*ast.StarExpr); ok && tok == token.ASSIGN {
			if st, ok := p.Info.TypeOf(star).Underlying().(*types.Struct); ok { // the whole object
				for f := range st.Fields() {
					p.writes[f.Origin()] = append(p.writes[f.Origin()], Write{fd, nil, tok})
				}
			}
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			var value ast.Expr
			if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
				value = n.Rhs[i]
			}
			add(lhs, value, n.Tok)
		}
	case *ast.IncDecStmt:
		add(n.X, nil, n.Tok)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			add(n.X, nil, token.AND)
		}
	case *ast.RangeStmt:
		add(n.Key, nil, n.Tok)
		add(n.Value, nil, n.Tok)
	case *ast.CompositeLit:
		p.noteLiteral(fd, n)
	}
}

// noteLiteral notes the fields that a composite literal sets.
func (p *Package) noteLiteral(fd *ast.FuncDecl, lit *ast.CompositeLit) {
	t := p.Info.TypeOf(lit)
	if t == nil {
		return
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				if f, ok := p.Info.Uses[key].(*types.Var); ok {
					p.writes[f.Origin()] = append(p.writes[f.Origin()], Write{fd, kv.Value, token.COLON})
				}
			}
		} else if i < st.NumFields() {
			f := st.Field(i).Origin()
			p.writes[f] = append(p.writes[f], Write{fd, e, token.COLON})
		}
	}
}

// MadeOnce reports whether a channel in a field is made where the object is, and not
// replaced later: only functions that are no methods set it.
func (p *Package) MadeOnce(f *types.Var) bool {
	made := false
	for _, w := range p.Writes(f) {
		if w.Tok == token.COLON {
			made = true
			continue
		}
		if w.Tok != token.ASSIGN || w.Decl == nil || w.Decl.Recv != nil {
			return false
		}
		made = true
	}
	return made && !p.SelectedElsewhere(f.Name())
}

// Mentions returns the declared functions of the package that the body of one names.
func (p *Package) Mentions(fn *types.Func) map[*types.Func]bool { return p.mentions()[fn] }

// mentions returns, for each declared function, those that its body names.
func (p *Package) mentions() map[*types.Func]map[*types.Func]bool {
	if p.named == nil {
		p.named = make(map[*types.Func]map[*types.Func]bool)
		for _, file := range p.Syntax.Files {
			for _, d := range file.Decls {
				fd, ok := d.(*ast.FuncDecl)
				if !ok || fd.Body == nil {
					continue
				}
				fn, ok := p.Info.Defs[fd.Name].(*types.Func)
				if !ok {
					continue
				}
				p.named[fn] = make(map[*types.Func]bool)
				for n := range ast.Preorder(fd.Body) {
					if id, ok := n.(*ast.Ident); ok {
						if callee, ok := p.Info.Uses[id].(*types.Func); ok && callee.Pkg() == p.Types {
							p.named[fn][callee.Origin()] = true
						}
					}
				}
			}
		}
	}
	return p.named
}

// LeadsToWrite reports whether a declared function sets a field after the object is made,
// or names a function that does, and so on.
func (p *Package) LeadsToWrite(fn *types.Func, f *types.Var) bool {
	writers := make(map[*types.Func]bool)
	for _, w := range p.Writes(f) {
		if w.Decl != nil && w.Tok != token.COLON {
			if obj, ok := p.Info.Defs[w.Decl.Name].(*types.Func); ok {
				writers[obj] = true
			}
		}
	}
	seen := make(map[*types.Func]bool)
	var leads func(*types.Func) bool
	leads = func(fn *types.Func) bool {
		if writers[fn] {
			return true
		}
		if seen[fn] {
			return false
		}
		seen[fn] = true
		for callee := range p.mentions()[fn] {
			if leads(callee) {
				return true
			}
		}
		return false
	}
	return leads(fn)
}
