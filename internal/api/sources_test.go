package api

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestNames holds the names in the table against the sources: each is declared, and
// each exported method of a type in it is known, so that one that a release adds is
// noticed.
func TestNames(t *testing.T) {
	known := map[string]bool{"sync.RWMutex.RLocker": true} // a maker
	paths := map[string]bool{atomicPath: true}
	for _, fn := range functions {
		paths[fn.path] = true
	}
	for _, typ := range methods {
		paths[typ.path] = true
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, slices.Sorted(maps.Keys(paths))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for name, fn := range functions {
			if fn.path != p.PkgPath {
				continue
			}
			if _, ok := p.Types.Scope().Lookup(name).(*types.Func); !ok {
				t.Errorf("no function %s.%s", p.PkgPath, name)
			}
		}
		for name, typ := range methods {
			if typ.path != p.PkgPath {
				continue
			}
			obj := p.Types.Scope().Lookup(name)
			if obj == nil {
				t.Errorf("no type %s.%s", p.PkgPath, name)
				continue
			}
			var recv types.Type = types.NewPointer(obj.Type())
			if types.IsInterface(obj.Type()) {
				recv = obj.Type()
			}
			set := types.NewMethodSet(recv)
			for method := range typ.ops {
				if set.Lookup(p.Types, method) == nil {
					t.Errorf("no method %s.%s.%s", p.PkgPath, name, method)
				}
			}
			for sel := range set.Methods() {
				if m := sel.Obj(); m.Exported() && typ.ops[m.Name()] == None && !known[p.PkgPath+"."+name+"."+m.Name()] {
					t.Errorf("method %s.%s.%s is not in the table", p.PkgPath, name, m.Name())
				}
			}
		}
	}
}

// joined are functions that hand what they are given to a goroutine and wait for it.
var joined = map[string]bool{"(*testing.T).Run": true, "(*testing.B).Run": true}

// TestSources holds the table against the sources of the Go installation and of
// golang.org/x/sync: what it says is called before a function returns may not get
// anywhere else, and what it says is not kept may not be kept.
func TestSources(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks forty packages of the standard library")
	}
	paths := slices.Sorted(maps.Keys(harmless))
	for path := range maps.Keys(syncCallbacks) {
		if !harmless[path] {
			paths = append(paths, path)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			t.Errorf("%s: %v", p.PkgPath, p.Errors)
			continue
		}
		s := &source{p: p, decls: make(map[*types.Func]*ast.FuncDecl), seen: make(map[*types.Var]bool)}
		s.collect()
		for fn := range s.decls {
			if keeps, callback := Callee(fn); fn.Exported() && !keeps && !joined[fn.FullName()] && Of(fn) == None && MakerOf(fn) == NoMaker && AtomicName(fn) == "" {
				for param := range fn.Signature().Params().Variables() {
					_, isFunc := param.Type().Underlying().(*types.Signature)
					if !isFunc && !isHeld(param.Type()) || isFunc && callback == CallbackUnknown {
						continue
					}
					asked++
					clear(s.seen)
					if where := s.goes(fn, param, 0); where != "" {
						t.Errorf("%s: %s %s", fn.FullName(), param.Name(), where)
					}
				}
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d parameters were looked at", asked)
	}
}

// isHeld reports whether what a parameter of type t leads to could be waited for by
// others: a channel, or a pointer to a lock or group.
func isHeld(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	_, isPointer := t.Underlying().(*types.Pointer)
	return isPointer && IsPrimitive(t) && !IsContext(t)
}

// A source is the source of a package.
type source struct {
	p     *packages.Package
	decls map[*types.Func]*ast.FuncDecl
	seen  map[*types.Var]bool
}

func (s *source) collect() {
	for _, f := range s.p.Syntax {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				if fn, ok := s.p.TypesInfo.Defs[fd.Name].(*types.Func); ok {
					s.decls[fn] = fd
				}
			}
		}
	}
}

// goes tells where a parameter of a function gets that outlives the call: a goroutine,
// a channel, a variable of the package, or a field of what the function was given. It
// follows calls within the package.
func (s *source) goes(fn *types.Func, param *types.Var, depth int) string {
	fd := s.decls[fn]
	if fd == nil || s.seen[param] || depth > 5 {
		return ""
	}
	s.seen[param] = true
	info := s.p.TypesInfo
	mentions := func(n ast.Node) bool {
		found := false
		ast.Inspect(n, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				// The result of a call is something else, but for append.
				id, ok := ast.Unparen(call.Fun).(*ast.Ident)
				return ok && id.Name == "append"
			}
			if id, ok := n.(*ast.Ident); ok && info.Uses[id] == param {
				found = true
			}
			return !found
		})
		return found
	}
	where := ""
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if s.inside(n, param) {
				where = "is handed to a goroutine"
			}
		case *ast.SendStmt:
			if mentions(n.Value) {
				where = "is sent"
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if s.outlives(fn, l) && i < len(n.Rhs) && mentions(n.Rhs[i]) {
					where = "is stored in " + types.ExprString(l)
				}
			}
		case *ast.CallExpr:
			callee := calleeOf(info, n)
			if callee == nil || callee.Pkg() != s.p.Types {
				break
			}
			sig := callee.Origin().Signature()
			for i, a := range n.Args {
				if id, ok := ast.Unparen(a).(*ast.Ident); ok && info.Uses[id] == param && i < sig.Params().Len() {
					if inner := s.goes(callee.Origin(), sig.Params().At(i), depth+1); inner != "" {
						where = inner
					}
				}
			}
		}
		return where == ""
	})
	return where
}

// inside reports whether a parameter occurs below a node.
func (s *source) inside(n ast.Node, param *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && s.p.TypesInfo.Uses[id] == param
		return !found
	})
	return found
}

// outlives reports whether an assignment goes to a variable of the package, or to a
// field of what the function was given.
func (s *source) outlives(fn *types.Func, e ast.Expr) bool {
	field := false
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e, field = x.X, true
			continue
		case *ast.IndexExpr:
			e, field = x.X, true
			continue
		case *ast.StarExpr:
			e, field = x.X, true
			continue
		case *ast.Ident:
			v, ok := s.p.TypesInfo.ObjectOf(x).(*types.Var)
			if !ok {
				return false
			}
			if v.Parent() == s.p.Types.Scope() {
				return true
			}
			sig := fn.Signature()
			given := sig.Recv() == v
			for p := range sig.Params().Variables() {
				given = given || p == v
			}
			return field && given
		}
		return false
	}
}

func calleeOf(info *types.Info, call *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		fn, _ := info.Uses[f].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[f.Sel].(*types.Func)
		return fn
	case *ast.IndexExpr:
		return calleeOf(info, &ast.CallExpr{Fun: f.X})
	}
	return nil
}
