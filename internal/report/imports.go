package report

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"
)

// Import makes a package usable at pos, by an import if the file has none, and
// returns what to write in front of its members: "errgroup.", the file's own
// name for the package, or nothing where the import has a dot. It is refused
// where the name means something else at pos.
//
// The package's name must be the last element of its path, and the module must
// be able to import it: the standard library, or what the package uses already.
func (e *Editor) Import(importPath string, pos token.Pos) (qualifier string) {
	if e.refused != "" {
		return ""
	}
	if qualifier, ok := e.imports[importPath]; ok {
		return qualifier
	}
	name := path.Base(importPath)
	for _, spec := range e.src.file.Imports {
		if specPath(spec) != importPath || specName(spec) == "_" {
			continue
		}
		switch specName(spec) {
		case ".":
			return ""
		case "":
		default:
			name = specName(spec)
		}
		pkgName, ok := e.lookup(name, pos).(*types.PkgName)
		if !ok || pkgName.Imported().Path() != importPath {
			e.refuse("name " + name + " is taken")
		}
		return name + "."
	}
	if e.lookup(name, pos) != nil || e.pass.Pkg != nil && e.pass.Pkg.Scope().Lookup(name) != nil {
		e.refuse("name " + name + " is taken")
		return ""
	}
	e.addImport(importPath)
	e.imports[importPath] = name + "."
	return name + "."
}

func specPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

func specName(spec *ast.ImportSpec) string {
	if spec.Name == nil {
		return ""
	}
	return spec.Name.Name
}

// addImport adds an import declaration or specification where goimports would.
func (e *Editor) addImport(importPath string) {
	var decls []*ast.GenDecl
	for _, decl := range e.src.file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			break // imports come first
		}
		if len(gen.Specs) == 1 && specPath(gen.Specs[0].(*ast.ImportSpec)) == "C" {
			continue // belongs to the comment above it
		}
		if gen.Lparen.IsValid() {
			e.addToBlock(gen, importPath)
			return
		}
		decls = append(decls, gen)
	}
	eol, quoted := e.src.eol, strconv.Quote(importPath)
	switch len(decls) {
	case 0:
		after := e.src.file.Name.End()
		if n := len(e.src.file.Imports); n > 0 {
			after = e.src.file.Imports[n-1].End()
		}
		if at, ok := e.lineEnd(after); ok {
			e.edit(at, at, eol+eol+"import "+quoted)
		}
	case 1:
		e.makeBlock(decls[0], importPath)
	default:
		if at, ok := e.lineEnd(decls[len(decls)-1].End()); ok {
			e.edit(at, at, eol+"import "+quoted)
		}
	}
}

// lineEnd returns the offset of the line break behind a position that only a
// comment follows on its line.
func (e *Editor) lineEnd(pos token.Pos) (int, bool) {
	next, ok := e.src.lineAfter(pos)
	if !ok {
		e.refuse("import shares its line")
		return 0, false
	}
	return e.src.offset(pos) + len(strings.TrimRight(string(e.src.content[e.src.offset(pos):next]), "\r\n")), true
}

// makeBlock makes a block of a single import and adds another one to it.
//
//	import "fmt" // why
//	       -           -
func (e *Editor) makeBlock(decl *ast.GenDecl, importPath string) {
	spec := decl.Specs[0].(*ast.ImportSpec)
	end, ok := e.lineEnd(spec.End())
	if !ok {
		return
	}
	var (
		eol    = e.src.eol
		added  = "\t" + strconv.Quote(importPath) + eol
		before = ""
		after  = ""
	)
	switch {
	case isThirdParty(importPath) && !isThirdParty(specPath(spec)):
		after = eol + added
	case !isThirdParty(importPath) && isThirdParty(specPath(spec)):
		before = added + eol
	case importPath < specPath(spec):
		before = added
	default:
		after = added
	}
	start := e.src.offset(spec.Pos())
	e.edit(start, start, "("+eol+before+"\t")
	e.edit(end, end, eol+after+")")
}

// addToBlock adds an import to a block: to the group of its kind, in order, or
// as a new group, the standard library's first.
func (e *Editor) addToBlock(decl *ast.GenDecl, importPath string) {
	var prev, next *ast.ImportSpec // the neighbours in a group of the same kind
	for _, s := range decl.Specs {
		spec := s.(*ast.ImportSpec)
		if !e.src.startsLine(spec.Pos()) {
			e.refuse("import shares its line")
			return
		}
		if isThirdParty(specPath(spec)) != isThirdParty(importPath) {
			continue
		}
		if specPath(spec) < importPath {
			prev = spec
		} else if next == nil {
			next = spec
		}
	}
	eol, line := e.src.eol, "\t"+strconv.Quote(importPath)
	switch {
	case len(decl.Specs) == 0:
		e.refuse("import block is empty")
	case prev != nil:
		if at, ok := e.lineEnd(prev.End()); ok {
			e.edit(at, at, eol+line)
		}
	case next != nil:
		at := e.src.leadStart(next.Pos())
		e.edit(at, at, line+eol)
	case isThirdParty(importPath):
		at := e.src.lineStart(e.src.offset(decl.Rparen))
		e.edit(at, at, eol+line+eol)
	default:
		if at, ok := e.lineEnd(decl.Lparen + 1); ok {
			e.edit(at, at, eol+line+eol)
		}
	}
}

// isThirdParty reports whether the import path starts with a host name, as
// paths outside the standard library do.
func isThirdParty(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".")
}
