package goker

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A rewriting makes another version of a package: it takes declarations away
// and replaces names. Each line keeps its number, so that the truth stays true.
type rewriting struct {
	*decls
	edits map[string][]edit // by file name
}

// An edit replaces a part of a file by a text in the same line, or by blanks
// where there is none.
type edit struct {
	from, to int
	text     string
}

func newRewriting(pkg *packages.Package) *rewriting {
	return &rewriting{newDecls(pkg), make(map[string][]edit)}
}

func (r *rewriting) replace(n ast.Node, text string) {
	from, to := r.pkg.Fset.Position(n.Pos()), r.pkg.Fset.Position(n.End())
	r.edits[from.Filename] = append(r.edits[from.Filename], edit{from.Offset, to.Offset, text})
}

// renamePackage gives the package another name.
func (r *rewriting) renamePackage(name string) {
	for _, file := range r.pkg.Syntax {
		r.replace(file.Name, name)
	}
}

// keep takes all declarations away but these, and the imports that are of no use
// then.
func (r *rewriting) keep(kept map[ast.Decl]bool) {
	unused := r.unusedImports(kept)
	r.each(func(decl ast.Decl) {
		switch {
		case kept[decl]:
		case !isImport(decl):
			r.replace(decl, "")
		case !decl.(*ast.GenDecl).Lparen.IsValid():
			if unused[decl.(*ast.GenDecl).Specs[0].(*ast.ImportSpec)] {
				r.replace(decl, "")
			}
		default:
			for _, spec := range decl.(*ast.GenDecl).Specs {
				if unused[spec.(*ast.ImportSpec)] {
					r.replace(spec, "")
				}
			}
		}
	})
}

// renameAll replaces the names of all functions, types, variables and fields in
// the declarations, comments aside. What has the same name still has afterwards,
// so methods still implement the package's interfaces and nothing shadows what
// it did not; what is exported stays so.
func (r *rewriting) renameAll(in map[ast.Decl]bool) {
	fixed, newName := r.fixedMethods(), r.newNames()
	r.each(func(decl ast.Decl) {
		if !in[decl] {
			return
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && r.renamable(id, fixed) {
				r.replace(id, newName(id.Name))
			}
			return true
		})
	})
}

// newNames returns a function that gives each name its new one.
func (r *rewriting) newNames() func(string) string {
	letters := r.letters()
	order := slices.Sorted(maps.Keys(letters))
	return func(old string) string {
		i, _ := slices.BinarySearch(order, old)
		name := letters[old] + fmt.Sprint(i+1)
		if ast.IsExported(old) {
			name = string(name[0]-'a'+'A') + name[1:]
		}
		return name
	}
}

// letters returns the names that the package declares, with the first letter of
// the new ones: f for a function, t for a type, v for anything else.
func (r *rewriting) letters() map[string]string {
	letters := make(map[string]string)
	for id, obj := range r.pkg.TypesInfo.Defs {
		letter := "v"
		switch obj.(type) {
		case *types.Func:
			letter = "f"
		case *types.TypeName:
			letter = "t"
		}
		if other, ok := letters[id.Name]; !ok || letter < other {
			letters[id.Name] = letter
		}
	}
	return letters
}

// fixedMethods returns the names of methods that something outside the package
// may call by an interface.
func (r *rewriting) fixedMethods() map[string]bool {
	fixed := map[string]bool{"Error": true}
	for _, imported := range r.pkg.Types.Imports() {
		for _, name := range imported.Scope().Names() {
			if iface, ok := imported.Scope().Lookup(name).Type().Underlying().(*types.Interface); ok {
				for i := range iface.NumMethods() {
					fixed[iface.Method(i).Name()] = true
				}
			}
		}
	}
	return fixed
}

// renamable reports whether the package is free to call what the identifier
// stands for as it likes.
func (r *rewriting) renamable(id *ast.Ident, fixed map[string]bool) bool {
	obj, defined := r.pkg.TypesInfo.Defs[id]
	if !defined {
		obj = r.pkg.TypesInfo.Uses[id]
	}
	switch {
	case id.Name == "_" || !defined && obj == nil:
		return false
	case obj == nil:
		return true // the variable of a type switch, as a whole
	case obj.Pkg() != r.pkg.Types:
		return false
	}
	switch obj := obj.(type) {
	case *types.PkgName:
		return false
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return !fixed[obj.Name()]
		}
		return obj.Name() != "main" && obj.Name() != "init"
	case *types.Var:
		if obj.Embedded() {
			return isLocal(obj.Type(), r.pkg.Types) // its name is that of its type
		}
	}
	return true
}

// isLocal reports whether the type, or what it points to, is declared in the
// package.
func isLocal(t types.Type, pkg *types.Package) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(interface{ Obj() *types.TypeName })
	return ok && named.Obj().Pkg() == pkg
}

// write writes the files of the new version into a folder and returns their
// names.
func (r *rewriting) write(dir string) ([]string, error) {
	var names []string
	for _, name := range r.pkg.GoFiles {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		edits := r.edits[name]
		slices.SortFunc(edits, func(a, b edit) int { return b.from - a.from })
		for _, e := range edits { // from the end, so that offsets stay right
			text = slices.Replace(text, e.from, e.to, e.with(text[e.from:e.to])...)
		}
		name = filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(name, text, 0o666); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// with returns what the edit makes of a text.
func (e edit) with(old []byte) []byte {
	if e.text != "" {
		return []byte(e.text)
	}
	blank := slices.Clone(old)
	for i, c := range blank {
		if c != '\n' {
			blank[i] = ' '
		}
	}
	return blank
}

// WithoutDriver writes a version of the package without its function main and
// its tests into dir, as a package that is no command, and returns its files.
func WithoutDriver(pkg *packages.Package, dir string) ([]string, error) {
	r := newRewriting(pkg)
	kept := make(map[ast.Decl]bool)
	r.each(func(decl ast.Decl) {
		if !starts(decl) && !isImport(decl) {
			kept[decl] = true
		}
	})
	r.keep(kept)
	r.renamePackage("kernel")
	return r.write(dir)
}

// Renamed writes a version of the package with meaningless names into dir and
// returns its files.
func Renamed(pkg *packages.Package, dir string) ([]string, error) {
	r := newRewriting(pkg)
	all := make(map[ast.Decl]bool)
	r.each(func(decl ast.Decl) { all[decl] = true })
	r.renameAll(all)
	return r.write(dir)
}

// Extracted writes a package of another name into dir that has only the package's
// function of that name and what it needs, with meaningless names. It returns its
// files.
func Extracted(pkg *packages.Package, fn, dir string) ([]string, error) {
	obj := pkg.Types.Scope().Lookup(fn)
	if obj == nil {
		return nil, fmt.Errorf("there is no %s in %s", fn, pkg.PkgPath)
	}
	r := newRewriting(pkg)
	kept := r.closure(obj)
	r.keep(kept)
	r.renameAll(kept)
	r.renamePackage("scrambled")
	return r.write(dir)
}
