// Package mutate makes mutants of concurrent code: versions of a file that differ
// in one small edit, which takes away or misplaces one part of the concurrency
// protocol. A check that is worth having reports many of them; the tests of the
// code, if they are good, fail for nearly all.
//
//	defer close(jobs)          (nothing)                 remove close
//	defer close(jobs)          close(jobs)               early close
//	wg.Wait(); close(out)      close(out); wg.Wait()     close before Wait
//	wg.Go(f)                   go func() {               Add in goroutine
//	                               wg.Add(1)
//	                               defer wg.Done()
//	                               f()
//	                           }()
//	make(chan error, 1)        make(chan error)          unbuffer
//
// All operators are listed, with what each of them does, in operators.go. An operator
// is a function that is called for each node of the syntax tree and proposes edits
// where it has something to spoil.
//
// What is a close, a Wait or an Unlock, the types say, never the names: a method
// Wait of one's own is none, a WaitGroup by another name is one. But a function of
// the package that itself waits, or gives something back, is taken for a Wait or a
// Release where it is called: see kind.go.
//
// A proposal that does not compile, mostly because a variable is no longer used, is
// dropped. So each mutant is a program; whether it is a wrong one is not decided
// here. It may be equivalent to the original: a second cancel changes nothing, and a
// buffer may be there for speed.
//
// The same source gives the same mutants in the same order. A mutant is named by its
// function, its operator and a number, which stays the same when other functions
// change.
package mutate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Package is a type-checked package. Its files are parsed with their comments.
type Package struct {
	Fset  *token.FileSet
	Files []*ast.File
	Types *types.Package
	Info  *types.Info
}

// A Mutant is one file of a package with one mistake.
type Mutant struct {
	Op   string         // name of the operator, such as "remove close"
	Func string         // what the edit is in: "Run", "(*crew).wait", or a package-level variable's name
	N    int            // counts the mutants of this operator in this function, from 1
	Pos  token.Position // of the part that is taken away or misplaced
	What string         // what was done, in one line, such as "close(jobs) removed"

	// Edits are in the order of their positions and do not overlap.
	Edits []Edit
}

// An Edit replaces src[Start:End] by New.
type Edit struct {
	Start, End int
	New        string
}

// String returns the name of the mutant, which is unique in its package and does
// not depend on lines: "Run: remove close 1".
func (m Mutant) String() string { return fmt.Sprintf("%s: %s %d", m.Func, m.Op, m.N) }

// Apply returns the text of the mutant. The argument is the text of the original.
func (m Mutant) Apply(src string) string {
	var b strings.Builder
	end := 0
	for _, e := range m.Edits {
		b.WriteString(src[end:e.Start])
		b.WriteString(e.New)
		end = e.End
	}
	return b.String() + src[end:]
}

// Mutants returns the mutants of a file of the package, in the order of their
// positions. Its text is src.
func (p *Package) Mutants(file *ast.File, src string) []Mutant {
	g := &generator{Package: p, src: src, helpers: p.helpers(), doneVars: p.doneVars()}
	ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
		g.stack = stack
		for _, op := range operators {
			op(g, n)
		}
		return true
	})
	slices.SortStableFunc(g.mutants, func(a, b Mutant) int { return a.Pos.Offset - b.Pos.Offset })
	count := make(map[string]int)
	compiling := g.mutants[:0]
	for _, m := range g.mutants {
		if !p.compiles(file, m.Apply(src)) {
			continue
		}
		count[m.Func+"\n"+m.Op]++
		m.N = count[m.Func+"\n"+m.Op]
		compiling = append(compiling, m)
	}
	return compiling
}

// compiles reports whether the package still does with another text of a file.
func (p *Package) compiles(file *ast.File, src string) bool {
	mutated, err := parser.ParseFile(p.Fset, "mutant.go", src, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	files := slices.Clone(p.Files)
	files[slices.Index(files, file)] = mutated
	conf := types.Config{Importer: imports(p.Types.Imports())}
	_, err = conf.Check(p.Types.Path(), p.Fset, files, nil)
	return err == nil
}

// imports are what a package imports. No mutant imports anything else.
type imports []*types.Package

// Import implements types.Importer.
func (all imports) Import(path string) (*types.Package, error) {
	for _, p := range all {
		if p.Path() == path {
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s is not imported", path)
}
