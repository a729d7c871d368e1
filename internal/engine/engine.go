// Package engine is the analyzer that all checks share. It walks the syntax of
// a package once to decide whether there is anything to look at, and offers
// the SSA form and the models of functions lazily: a check that asks for
// nothing costs nothing, and what one check built another one reuses.
package engine

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/skeleton"
	"github.com/concurlint/concurlint/internal/syntax"
)

// Analyzer computes a *Package, and the fact of the package for those that import
// it. It requires only inspect and never fails: an engine that cannot work is an
// engine that finds nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "concurlintengine",
	Doc:        "build the concurrency model of a package for the checks of concurlint",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	FactTypes:  []analysis.Fact{new(skeleton.Fact)},
	ResultType: reflect.TypeFor[*Package](),
	Run: func(pass *analysis.Pass) (any, error) {
		p := newPackage(pass)
		p.exportFact(pass)
		return p, nil
	},
}

// FactsOnly is set by a program that runs the engine on a dependency for its fact
// alone, before it does: nobody will ask.
var FactsOnly bool

// A Package answers the questions of the checks about one package.
//
// Drivers run the checks of a package at the same time, and all of them fill
// the same lazily built program and models, so each check holds the Package's
// lock while it runs; package check takes it. Packages do not wait for one
// another, and among them a driver finds enough to do in parallel.
type Package struct {
	sync.Mutex

	Fset   *token.FileSet
	Types  *types.Package
	Info   *types.Info
	Syntax *syntax.Index
	Gate   *gate.Result

	// Found holds what checks have found already, by name, for those that
	// yield to them.
	Found map[string]any

	fact     ir.Facts // of other packages
	ignored  []string // files that the build constraints exclude
	readFile func(string) ([]byte, error)

	mu        sync.Mutex
	elsewhere map[string]bool // see SelectedElsewhere
	built     bool
	prog      *ir.Program
	builder   *model.Builder
	models    models
	roots     []*ssa.Function
	fields    *fields.Index
	survey    *explore.Survey
	only      func(explore.Root) bool // the roots to explore; nil for all
	patient   bool                    // unseen code need not cancel any context
	trials    int                     // packages made by Try
	writes    map[*types.Var][]Write
	named     map[*types.Func]map[*types.Func]bool // see mentions
	counts    map[string]int
}

func newPackage(pass *analysis.Pass) (p *Package) {
	p = &Package{
		Fset:     pass.Fset,
		Types:    pass.Pkg,
		Info:     pass.TypesInfo,
		Syntax:   &syntax.Index{Fset: pass.Fset, Files: syntax.InOrder(pass.Fset, pass.Files)},
		Gate:     &gate.Result{},
		fact:     importFacts(pass),
		ignored:  pass.IgnoredFiles,
		readFile: pass.ReadFile,
		models:   models{whole: make(map[*ssa.Function]*Model), known: make(map[*ssa.Function]digest)},
		counts:   make(map[string]int),
	}
	if FactsOnly {
		return p
	}
	defer func() {
		if r := recover(); r != nil {
			p.Gate = &gate.Result{}
			p.count(fmt.Sprintf("panic in gate: %v\n%s", r, debug.Stack()))
		}
	}()
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	p.Gate = gate.Scan(pass.Pkg, pass.TypesInfo, in, p.acts)
	return p
}

func (p *Package) count(reason string) { p.counts[reason]++ }

// Counts returns how often the engine gave up on something, by reason.
func (p *Package) Counts() map[string]int {
	out := make(map[string]int, len(p.counts))
	for k, v := range p.counts {
		out[k] = v
	}
	return out
}

// Program returns the SSA form of the package, or nil where it cannot be built, or not
// in reasonable time.
func (p *Package) Program() *ir.Program {
	return p.program()
}

func (p *Package) program() *ir.Program {
	if !p.built {
		p.built = true
		if fn := p.tooLong(); fn != "" {
			p.count("a function with too many branches in " + fn)
			return nil
		}
		prog, err := ir.Build(p.Fset, p.Types, p.Info, p.Syntax.Files, p.Gate.Relevant, p.fact)
		if err != nil {
			p.count(err.Error())
			return nil
		}
		p.prog = prog
		if prog.LinkPanic != "" {
			p.count("panic while linking: " + prog.LinkPanic)
		}
		if n := prog.Unusable(); n > 0 {
			p.counts["skeletons that cannot be used here"] += n
		}
		p.builder = model.NewBuilder(prog)
		p.roots = p.findRoots()
	}
	return p.prog
}

// Field returns what is known over the whole package of a struct field or
// package-level variable. The package must have a Program.
func (p *Package) Field(v *types.Var) *fields.Var { return p.Fields().Of(v) }

// Fields returns what is known over the whole package of its fields, variables and
// groups. The package must have a Program.
func (p *Package) Fields() *fields.Index {
	if p.fields == nil {
		p.fields = fields.New(p.prog)
	}
	return p.fields
}

// SelectedElsewhere reports whether a file of the package that the build
// constraints exclude selects a field or method of the given name. What such a
// file does to it on another platform cannot be seen here.
func (p *Package) SelectedElsewhere(name string) bool {
	if p.elsewhere == nil {
		p.elsewhere = make(map[string]bool)
		for _, file := range p.ignored {
			if src, err := p.readFile(file); err == nil && strings.HasSuffix(file, ".go") {
				selectors(src, p.elsewhere)
			}
		}
	}
	return p.elsewhere[name]
}

// selectors adds the identifiers that follow a dot in a source file.
func selectors(src []byte, names map[string]bool) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, src, nil, 0)
	dot := false
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if dot && tok == token.IDENT {
			names[lit] = true
		}
		dot = tok == token.PERIOD
	}
}

// MakesError reports whether a call is one of a function of the standard library
// that makes an error, and does nothing else.
func (p *Package) MakesError(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := p.Info.Uses[sel.Sel].(*types.Func)
	return ok && api.MakesError(fn)
}

// Object returns the variable that an expression names: a field by its selector,
// or nil.
func (p *Package) Object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return p.Info.ObjectOf(e)
	case *ast.SelectorExpr:
		return p.Info.ObjectOf(e.Sel)
	case *ast.StarExpr:
		return p.Object(e.X)
	case *ast.UnaryExpr:
		return p.Object(e.X)
	}
	return nil
}

// Roots returns the functions from which models are built, in source order:
// those that make a channel or start a goroutine, and those that call a
// function which hands them a channel.
func (p *Package) Roots() []*ssa.Function {
	if p.program() == nil {
		return nil
	}
	return p.roots
}

// findRoots selects the roots among the declared functions.
func (p *Package) findRoots() []*ssa.Function {
	level := make(map[*ssa.Function]int)
	var work []*ssa.Function
	add := func(fn *ssa.Function, n int) {
		for fn.Parent() != nil {
			fn = fn.Parent()
		}
		if level[fn] == 0 {
			level[fn] = n
			work = append(work, fn)
		}
	}
	for _, fn := range p.prog.Funcs {
		fd, ok := fn.Syntax().(*ast.FuncDecl)
		if ok && p.Gate.Funcs[fd].Has(gate.Go|gate.MakeChan|gate.Group|gate.WaitGroup|gate.Elsewhere) {
			add(fn, 1)
		}
	}
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		if level[fn] > callerLevels || !p.handsOut(fn) {
			continue
		}
		for _, call := range p.prog.Callers(fn) {
			add(call.Parent(), level[fn]+1)
		}
	}
	var roots []*ssa.Function
	tests := map[bool]int{true: maxTests, false: maxCallingTests}
	for _, fn := range p.prog.Funcs {
		if level[fn] == 0 {
			continue
		}
		if p.endOf(fn) == explore.EndsTest {
			itself := level[fn] == 1
			if tests[itself] == 0 {
				p.count("models of tests left out in " + fn.Name())
				continue
			}
			tests[itself]--
		}
		roots = append(roots, fn)
	}
	return roots
}

// The tests of a package that are roots: those that make a channel or start a goroutine
// themselves, and those that only call a function which hands them one. A package may
// have hundreds that all make the same large object.
const (
	maxTests        = 150
	maxCallingTests = 30
)

// callerLevels bounds how far up the callers of a function are roots too.
const callerLevels = 2

// handsOut reports whether a function shares a channel, a group or what has one
// with its caller: through a result, or a parameter.
func (p *Package) handsOut(fn *ssa.Function) bool {
	for v := range fn.Signature.Results().Variables() {
		if p.shares(v.Type(), 0) {
			return true
		}
	}
	for v := range fn.Signature.Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok || api.IsPrimitive(v.Type()) && !api.IsContext(v.Type()) {
			return true
		}
	}
	return false
}

// shares reports whether a value of type t holds a channel or group, or a
// function that may, or is a struct of this package with one.
func (p *Package) shares(t types.Type, depth int) bool {
	if api.IsContext(t) || depth > 2 {
		return false
	}
	if api.IsPrimitive(t) && !api.IsLock(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return depth == 0
	case *types.Pointer:
		return p.shares(u.Elem(), depth)
	case *types.Slice:
		return p.shares(u.Elem(), depth+1)
	case *types.Struct:
		if n := api.Named(t); n != nil && n.Obj().Pkg() != p.Types {
			return false
		}
		for f := range u.Fields() {
			if p.shares(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// Decl returns the declaration of a declared function, or nil.
func (p *Package) Decl(fn *ssa.Function) *ast.FuncDecl {
	fd, _ := fn.Syntax().(*ast.FuncDecl)
	return fd
}
