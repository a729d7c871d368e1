// Package engine is the analyzer that all checks share. It walks the syntax of
// a package once to decide whether there is anything to look at, and offers
// the SSA form and the models of functions lazily: a check that asks for
// nothing costs nothing, and what one check built another one reuses.
package engine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime/debug"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
	"github.com/concurlint/concurlint/internal/syntax"
)

// Analyzer computes a *Package. It requires only inspect, has no facts, and
// never fails: an engine that cannot work is an engine that finds nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "concurlintengine",
	Doc:        "build the concurrency model of a package for the checks of concurlint",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	ResultType: reflect.TypeFor[*Package](),
	Run: func(pass *analysis.Pass) (any, error) {
		return newPackage(pass), nil
	},
}

// A Package answers the questions of the checks about one package. Its methods
// may be called from several goroutines.
type Package struct {
	Fset   *token.FileSet
	Types  *types.Package
	Info   *types.Info
	Syntax *syntax.Index
	Gate   *gate.Result

	mu     sync.Mutex
	built  bool
	prog   *ir.Program
	models map[*ssa.Function]*Model
	roots  []*ssa.Function
	fields *fields.Index
	counts map[string]int
}

// A Model is the model of one root with what is derived from it.
type Model struct {
	*model.Model
	Joins *order.Joins
}

func newPackage(pass *analysis.Pass) (p *Package) {
	p = &Package{
		Fset:   pass.Fset,
		Types:  pass.Pkg,
		Info:   pass.TypesInfo,
		Syntax: &syntax.Index{Fset: pass.Fset, Files: pass.Files},
		Gate:   &gate.Result{},
		models: make(map[*ssa.Function]*Model),
		counts: make(map[string]int),
	}
	defer func() {
		if r := recover(); r != nil {
			p.Gate = &gate.Result{}
			p.count(fmt.Sprintf("panic in gate: %v\n%s", r, debug.Stack()))
		}
	}()
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	p.Gate = gate.Scan(pass.Pkg, pass.TypesInfo, in)
	return p
}

func (p *Package) count(reason string) { p.counts[reason]++ }

// Counts returns how often the engine gave up on something, by reason.
func (p *Package) Counts() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make(map[string]int, len(p.counts))
	for k, v := range p.counts {
		out[k] = v
	}
	return out
}

// Program returns the SSA form of the package, or nil where it cannot be built.
func (p *Package) Program() *ir.Program {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.program()
}

func (p *Package) program() *ir.Program {
	if !p.built {
		p.built = true
		prog, err := ir.Build(p.Fset, p.Types, p.Info, p.Syntax.Files, p.Gate.Relevant)
		if err != nil {
			p.count(err.Error())
			return nil
		}
		p.prog = prog
		p.roots = p.findRoots()
	}
	return p.prog
}

// Field returns what is known over the whole package of a struct field or
// package-level variable. The package must have a Program.
func (p *Package) Field(v *types.Var) *fields.Var {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fields == nil {
		p.fields = fields.New(p.prog)
	}
	return p.fields.Of(v)
}

// Roots returns the functions from which models are built, in source order:
// those that make a channel or start a goroutine, and those that call a
// function which hands them a channel.
func (p *Package) Roots() []*ssa.Function {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.program() == nil {
		return nil
	}
	return p.roots
}

// findRoots selects the roots among the declared functions.
func (p *Package) findRoots() []*ssa.Function {
	root := make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		for fn.Parent() != nil {
			fn = fn.Parent()
		}
		if !root[fn] {
			root[fn] = true
			work = append(work, fn)
		}
	}
	for fd, mask := range p.Gate.Funcs {
		if !mask.Has(gate.Go | gate.MakeChan | gate.Group | gate.WaitGroup) {
			continue
		}
		if obj, ok := p.Info.Defs[fd.Name].(*types.Func); ok {
			if fn := p.prog.FuncOf(obj); fn != nil && len(fn.Blocks) > 0 {
				add(fn)
			}
		}
	}
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		if !handsOut(fn) {
			continue
		}
		for _, call := range p.prog.Callers(fn) {
			add(call.Parent())
		}
	}
	var roots []*ssa.Function
	for _, fn := range p.prog.Funcs {
		if root[fn] {
			roots = append(roots, fn)
		}
	}
	return roots
}

// handsOut reports whether a function returns, or takes, something through
// which its channels and groups are shared with its caller.
func handsOut(fn *ssa.Function) bool {
	sig := fn.Signature
	for _, tuple := range []*types.Tuple{sig.Results(), sig.Params()} {
		for v := range tuple.Variables() {
			switch v.Type().Underlying().(type) {
			case *types.Chan, *types.Pointer, *types.Signature, *types.Slice, *types.Struct, *types.Map:
				return true
			}
		}
	}
	return sig.Recv() != nil
}

// Model returns the model of a root, or nil where there is none because it
// grew beyond its limits.
func (p *Package) Model(root *ssa.Function) *Model {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m, ok := p.models[root]; ok {
		return m
	}
	m := p.build(root)
	p.models[root] = m
	return m
}

func (p *Package) build(root *ssa.Function) (m *Model) {
	defer func() {
		if r := recover(); r != nil {
			m = nil
			p.count(fmt.Sprintf("panic in the model of %s: %v\n%s", root, r, debug.Stack()))
		}
	}()
	built := model.Build(p.prog, root)
	if built.GaveUp != "" {
		p.count(built.GaveUp + " in " + root.Name())
		return nil
	}
	return &Model{Model: built, Joins: order.New(built)}
}

// Decl returns the declaration of a declared function, or nil.
func (p *Package) Decl(fn *ssa.Function) *ast.FuncDecl {
	fd, _ := fn.Syntax().(*ast.FuncDecl)
	return fd
}
