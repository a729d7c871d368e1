package skeleton_test

import (
	"bytes"
	"encoding/gob"
	"flag"
	"go/ast"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/skeleton"
)

var benchDir = flag.String("dir", "../..", "module whose packages BenchmarkSlice slices, with those that they import")

// BenchmarkSlice makes the facts of the packages of a module and of all that they import
// outside of the standard library, and tells what they take:
//
//	go test ./internal/skeleton -run '^$' -bench Slice -dir /path/to/module
func BenchmarkSlice(b *testing.B) {
	roots, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: *benchDir}, "./...")
	if err != nil {
		b.Fatal(err)
	}
	var pkgs []*packages.Package
	funcs := 0
	packages.Visit(roots, nil, func(p *packages.Package) {
		if p.Module == nil || p.IllTyped {
			return
		}
		pkgs = append(pkgs, p)
		for _, f := range p.Syntax {
			for _, d := range f.Decls {
				if _, ok := d.(*ast.FuncDecl); ok {
					funcs++
				}
			}
		}
	})
	if funcs == 0 {
		b.Fatalf("no functions in %s", *benchDir)
	}
	known, acting, size := 0, 0, 0
	for b.Loop() {
		facts := make(map[*types.Package]*skeleton.Fact)
		known, acting, size = 0, 0, 0
		for _, p := range pkgs {
			s := skeleton.Slicer{Fset: p.Fset, Pkg: p.Types, Info: p.TypesInfo, Files: p.Syntax, Fact: func(q *types.Package) *skeleton.Fact { return facts[q] }}
			f := s.Slice()
			facts[p.Types] = f
			var buf bytes.Buffer
			if err := gob.NewEncoder(&buf).Encode(f); err != nil {
				b.Fatal(err)
			}
			size += buf.Len()
			for i := range f.Funcs {
				if f.Funcs[i].Known() {
					known++
				}
				if f.Funcs[i].Acts {
					acting++
				}
			}
		}
	}
	n := float64(funcs)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/func")
	b.ReportMetric(float64(size)/n, "B/func")
	b.ReportMetric(100*float64(known)/n, "%skeletons")
	b.ReportMetric(100*float64(acting)/n, "%acting")
	b.ReportMetric(n, "funcs")
}
