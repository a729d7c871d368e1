package engine

import (
	"fmt"
	"go/types"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/skeleton"
)

// importFacts returns what the packages that the pass imports have left for it.
func importFacts(pass *analysis.Pass) ir.Facts {
	known := make(map[*types.Package]*skeleton.Fact)
	return func(pkg *types.Package) *skeleton.Fact {
		if pkg == nil || pkg == pass.Pkg {
			return nil
		}
		fact, ok := known[pkg]
		if !ok {
			var f skeleton.Fact
			if pass.ImportPackageFact(pkg, &f) {
				fact = &f
			}
			known[pkg] = fact
		}
		return fact
	}
}

// acts reports whether a function of another package operates on primitives, so far
// as is known.
func (p *Package) acts(f *types.Func) bool {
	if f.Pkg() == nil || f.Pkg() == p.Types {
		return false
	}
	fn, known := skeleton.Known(p.fact(f.Pkg()), f)
	return known && fn != nil && fn.Acts
}

// exportFact computes the fact of the package. The standard library has none (it is
// large, and what matters in it is the table of package api), and nobody imports a
// main package.
func (p *Package) exportFact(pass *analysis.Pass) {
	if pass.Pkg.Name() == "main" || isStandard(pass) || len(p.counts) > 0 {
		return // or the syntax is not what it should be
	}
	defer func() {
		if r := recover(); r != nil {
			p.count(fmt.Sprintf("panic in the fact: %v\n%s", r, debug.Stack()))
		}
	}()
	s := &skeleton.Slicer{Fset: pass.Fset, Pkg: pass.Pkg, Info: pass.TypesInfo, Files: p.Syntax.Files, Fact: p.fact}
	fact := s.Slice()
	for _, where := range s.Panics {
		p.count("panic in the fact: " + where)
	}
	pass.ExportPackageFact(fact)
}

// isStandard reports whether the package is one of the standard library, or of the
// commands beside it: there is no module that it belongs to, and its path has no dot in
// the first element. So are the packages that analysistest loads, from testdata.
func isStandard(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" && pass.Module.Path != "cmd" {
		return false
	}
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	if strings.Contains(first, ".") || len(pass.Files) == 0 {
		return false
	}
	file := filepath.ToSlash(pass.Fset.PositionFor(pass.Files[0].Package, false).Filename)
	return !strings.Contains(file, "/testdata/src/")
}
