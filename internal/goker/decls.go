package goker

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
)

// decls knows which declarations of a package need which others.
type decls struct {
	pkg     *packages.Package
	of      map[types.Object]ast.Decl   // of package-level objects and methods
	methods map[ast.Decl][]ast.Decl     // of the types that a declaration declares
	needed  map[ast.Decl][]types.Object // what a declaration mentions
}

// newDecls looks through all declarations of a package.
func newDecls(pkg *packages.Package) *decls {
	d := &decls{pkg, make(map[types.Object]ast.Decl), make(map[ast.Decl][]ast.Decl), make(map[ast.Decl][]types.Object)}
	d.each(func(decl ast.Decl) {
		ast.Inspect(decl, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if obj := pkg.TypesInfo.Uses[id]; obj != nil {
				d.needed[decl] = append(d.needed[decl], obj)
			}
			obj := pkg.TypesInfo.Defs[id]
			if fn, ok := obj.(*types.Func); obj != nil && (obj.Parent() == pkg.Types.Scope() || ok && fn.Signature().Recv() != nil) {
				d.of[obj] = decl
			}
			return true
		})
	})
	d.each(func(decl ast.Decl) {
		if fd, ok := decl.(*ast.FuncDecl); ok && fd.Recv != nil {
			if typ := receiver(pkg.TypesInfo.Defs[fd.Name]); typ != nil {
				of := d.of[typ]
				d.methods[of] = append(d.methods[of], decl)
			}
		}
	})
	return d
}

// receiver returns the type that a method belongs to.
func receiver(method types.Object) types.Object {
	t := method.(*types.Func).Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

func (d *decls) each(visit func(ast.Decl)) {
	for _, file := range d.pkg.Syntax {
		for _, decl := range file.Decls {
			visit(decl)
		}
	}
}

// closure returns the declarations of the roots and all that these need. A type
// needs its methods.
func (d *decls) closure(roots ...types.Object) map[ast.Decl]bool {
	in := make(map[ast.Decl]bool)
	var add func(ast.Decl)
	add = func(decl ast.Decl) {
		if decl == nil || in[decl] {
			return
		}
		in[decl] = true
		for _, obj := range d.needed[decl] {
			add(d.of[obj])
		}
		for _, method := range d.methods[decl] {
			add(method)
		}
	}
	for _, root := range roots {
		add(d.of[root])
	}
	return in
}

// lines returns the lines of the declarations in a file, by its name.
func (d *decls) lines(in map[ast.Decl]bool, filename string) map[int]bool {
	lines := make(map[int]bool)
	for decl := range in {
		from, to := d.pkg.Fset.Position(decl.Pos()), d.pkg.Fset.Position(decl.End())
		if from.Filename != filename {
			continue
		}
		for line := from.Line; line <= to.Line; line++ {
			lines[line] = true
		}
	}
	return lines
}

// starts reports whether go test or the runtime calls the function.
func starts(decl ast.Decl) bool {
	fd, ok := decl.(*ast.FuncDecl)
	return ok && fd.Recv == nil && (fd.Name.Name == "main" || strings.HasPrefix(fd.Name.Name, "Test"))
}

// unusedImports returns the imports that no kept declaration needs.
func (d *decls) unusedImports(kept map[ast.Decl]bool) map[*ast.ImportSpec]bool {
	used := make(map[types.Object]bool)
	for decl := range kept {
		if !isImport(decl) {
			for _, obj := range d.needed[decl] {
				used[obj] = true
			}
		}
	}
	unused := make(map[*ast.ImportSpec]bool)
	for _, file := range d.pkg.Syntax {
		for _, spec := range file.Imports {
			if obj := d.importOf(spec); obj != nil && !used[obj] {
				unused[spec] = true
			}
		}
	}
	return unused
}

// importOf returns the name that an import declares, if any.
func (d *decls) importOf(spec *ast.ImportSpec) types.Object {
	if spec.Name == nil {
		return d.pkg.TypesInfo.Implicits[spec]
	}
	return d.pkg.TypesInfo.Defs[spec.Name]
}

func isImport(decl ast.Decl) bool {
	gd, ok := decl.(*ast.GenDecl)
	return ok && gd.Tok == token.IMPORT
}
