package gopls

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
)

// settings is the package of gopls that holds the list of analyzers.
const settings = "internal/settings"

// suiteFile is the file that is added to the package. Package-level variables
// are initialized before init functions run, and the packages that read the list
// are initialized after this one.
const suiteFile = `package settings

import suite %q

func init() {
	for _, a := range suite.All() {
		AllAnalyzers = append(AllAnalyzers, &Analyzer{analyzer: a})
	}
}
`

// addSuite adds the analyzers of a package to the list in the copy of gopls'
// source. The error says what the source lacks for that.
func addSuite(src, suite string) error {
	dir := filepath.Join(src, filepath.FromSlash(settings))
	if err := checkSettings(dir); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "zz_suite.go"), fmt.Appendf(nil, suiteFile, suite), 0o666)
}

// checkSettings returns an error if the package in the folder does not declare
// what suiteFile uses, so that nobody has to guess it from what the compiler
// says.
func checkSettings(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	var list, field bool
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok {
				list = list || declaresList(gen)
				field = field || declaresField(gen)
			}
		}
	}
	if !list || !field {
		return errors.New("its package " + settings + " has no list of analyzers of the form that is known here")
	}
	return nil
}

// declaresList reports whether there is a variable AllAnalyzers.
func declaresList(decl *ast.GenDecl) bool {
	for _, spec := range decl.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR {
			for _, name := range v.Names {
				if name.Name == "AllAnalyzers" {
					return true
				}
			}
		}
	}
	return false
}

// declaresField reports whether there is a struct Analyzer with a field
// analyzer.
func declaresField(decl *ast.GenDecl) bool {
	for _, spec := range decl.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok || t.Name.Name != "Analyzer" {
			continue
		}
		s, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range s.Fields.List {
			for _, name := range f.Names {
				if name.Name == "analyzer" {
					return true
				}
			}
		}
	}
	return false
}
