package report_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// newPass returns a pass over the files, named a.go, b.go and so on, of one
// package. Imported packages are empty: nothing here looks into them.
func newPass(t testing.TB, sources ...string) *analysis.Pass {
	t.Helper()
	var (
		fset  = token.NewFileSet()
		files []*ast.File
		texts = make(map[string]string)
		info  = &types.Info{
			Defs:   make(map[*ast.Ident]types.Object),
			Uses:   make(map[*ast.Ident]types.Object),
			Scopes: make(map[ast.Node]*types.Scope),
		}
	)
	for i, src := range sources {
		name := string(rune('a'+i)) + ".go"
		texts[name] = src
		file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	conf := types.Config{Importer: emptyImporter{}, Error: func(error) {}}
	pkg, _ := conf.Check("p", fset, files, info) // errors: members of empty packages
	return &analysis.Pass{
		Analyzer:  &analysis.Analyzer{Name: "check"},
		Fset:      fset,
		Files:     files,
		Pkg:       pkg,
		TypesInfo: info,
		ReadFile: func(name string) ([]byte, error) {
			src, ok := texts[name]
			if !ok {
				return nil, fmt.Errorf("no file %s", name)
			}
			return []byte(src), nil
		},
		Report: func(analysis.Diagnostic) {},
	}
}

type emptyImporter struct{}

func (emptyImporter) Import(p string) (*types.Package, error) {
	pkg := types.NewPackage(p, path.Base(p))
	pkg.MarkComplete()
	return pkg, nil
}

// text returns the source of a node of the pass's first file.
func text(pass *analysis.Pass, n ast.Node) string {
	src, _ := pass.ReadFile("a.go")
	base := token.Pos(pass.Fset.File(pass.Files[0].FileStart).Base())
	return string(src[n.Pos()-base : n.End()-base])
}

// find returns the outermost node of type N in the first file whose text, with
// white space folded, starts with the given one.
func find[N ast.Node](t testing.TB, pass *analysis.Pass, prefix string) N {
	t.Helper()
	var found N
	ok := false
	ast.Inspect(pass.Files[0], func(n ast.Node) bool {
		if n, is := n.(N); is && !ok && strings.HasPrefix(fold(text(pass, n)), prefix) {
			found, ok = n, true
		}
		return !ok
	})
	if !ok {
		t.Fatalf("no %T starts with %q", found, prefix)
	}
	return found
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// apply returns the first file's text after the edits of a fix.
func apply(pass *analysis.Pass, fix analysis.SuggestedFix) string {
	src, _ := pass.ReadFile("a.go")
	base := token.Pos(pass.Fset.File(pass.Files[0].FileStart).Base())
	// Edits at one place are made in the order given, so going backwards
	// each is inserted before what is there.
	edits := append([]analysis.TextEdit(nil), fix.TextEdits...)
	for len(edits) > 0 {
		last := 0
		for i, e := range edits {
			if e.Pos > edits[last].Pos || e.Pos == edits[last].Pos && e.End >= edits[last].End {
				last = i
			}
		}
		e := edits[last]
		src = []byte(string(src[:e.Pos-base]) + string(e.NewText) + string(src[e.End-base:]))
		edits = append(edits[:last], edits[last+1:]...)
	}
	return string(src)
}
