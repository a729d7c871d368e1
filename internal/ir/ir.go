// Package ir builds the SSA form of the functions of one package that the
// gate found relevant, and answers questions about it: who calls a function,
// does a call return, which loop is an instruction in.
//
// It builds x/tools' SSA itself instead of requiring the buildssa analyzer:
// that one requires ctrlflow, whose facts make every driver run both, SSA
// included, on each dependency. Here the functions that are not relevant get
// no body, and imported packages none at all.
package ir

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/skeleton"
)

// A Program is the SSA form of one package.
type Program struct {
	Fset  *token.FileSet
	Types *types.Package
	SSA   *ssa.Package

	// Funcs are the functions with a body that come from source, literals
	// included, in source order.
	Funcs []*ssa.Function

	// Linked are the functions of other packages that the package may call, with
	// what is known of their bodies (package skeleton), literals included.
	Linked []*ssa.Function

	// LinkPanic says what made the builder panic while it linked them, if it did.
	LinkPanic string

	fact     Facts
	linker   *skeleton.Linker
	linked   map[*ssa.Function]bool
	callers  map[*ssa.Function][]ssa.CallInstruction
	byObject map[*types.Func]*ssa.Function
	noReturn map[*ssa.Function]bool
	syntax   map[*types.Func]bool // declared here with a body, built or not
	forests  map[*ssa.Function]*Forest
}

// Facts returns the fact of another package, or nil if it has none.
type Facts func(*types.Package) *skeleton.Fact

// NoFacts is for programs that know of no other package.
func NoFacts(*types.Package) *skeleton.Fact { return nil }

// Build builds the SSA form of a package. Function declarations that relevant
// rejects get no body. The error says what made the builder panic.
func Build(fset *token.FileSet, pkg *types.Package, info *types.Info, files []*ast.File, relevant func(*ast.FuncDecl) bool, fact Facts) (p *Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("building SSA of %s: %v", pkg.Path(), r)
		}
	}()
	p = &Program{
		Fset:     fset,
		Types:    pkg,
		fact:     fact,
		linked:   make(map[*ssa.Function]bool),
		callers:  make(map[*ssa.Function][]ssa.CallInstruction),
		byObject: make(map[*types.Func]*ssa.Function),
		noReturn: make(map[*ssa.Function]bool),
		syntax:   make(map[*types.Func]bool),
		forests:  make(map[*ssa.Function]*Forest),
	}
	prog := ssa.NewProgram(fset, 0)
	for _, imp := range pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	stripped, info := p.strip(info, files, relevant)
	p.SSA = prog.CreatePackage(pkg, stripped, info, false)
	p.SSA.Build()
	p.linker = skeleton.NewLinker(fset, prog, pkg, fact)
	p.collect()
	p.link()
	p.findCallers()
	p.findNoReturn()
	return p, nil
}

// strip returns copies of the files in which irrelevant declarations have no
// body, and a copy of info that knows the copies' language versions; the
// driver's own info is shared with other analyzers and must not change.
func (p *Program) strip(info *types.Info, files []*ast.File, relevant func(*ast.FuncDecl) bool) ([]*ast.File, *types.Info) {
	infoCopy := *info
	infoCopy.FileVersions = make(map[*ast.File]string, len(files))
	var out []*ast.File
	for _, f := range files {
		file := *f
		file.Decls = make([]ast.Decl, 0, len(f.Decls))
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok {
				file.Decls = append(file.Decls, d)
				continue
			}
			if fn, ok := info.Defs[fd.Name].(*types.Func); ok && fd.Body != nil {
				p.syntax[fn] = true
			}
			if fd.Body != nil && !relevant(fd) {
				if fd.Recv == nil && (fd.Name.Name == "init" || fd.Name.Name == "_") {
					continue // no one refers to it
				}
				bodyless := *fd
				bodyless.Body = nil
				d = &bodyless
			}
			file.Decls = append(file.Decls, d)
		}
		infoCopy.FileVersions[&file] = info.FileVersions[f]
		out = append(out, &file)
	}
	return out, &infoCopy
}

// collect gathers the functions with bodies and their static callers.
func (p *Program) collect() {
	seen := make(map[*ssa.Function]bool)
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if fn == nil || seen[fn] {
			return
		}
		seen[fn] = true
		if obj, ok := fn.Object().(*types.Func); ok {
			p.byObject[obj] = fn
		}
		if len(fn.Blocks) == 0 {
			return
		}
		p.Funcs = append(p.Funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, obj := range sourceFuncs(p.SSA) {
		add(obj)
	}
}

// findCallers notes who calls a function by name.
func (p *Program) findCallers() {
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := p.StaticCallee(call); callee != nil {
						p.callers[callee] = append(p.callers[callee], call)
					}
				}
			}
		}
	}
}

// sourceFuncs returns the declared functions and methods of the package, and
// its initializer, sorted by position.
func sourceFuncs(pkg *ssa.Package) []*ssa.Function {
	var funcs []*ssa.Function
	scope := pkg.Pkg.Scope()
	if init := pkg.Func("init"); init != nil {
		funcs = append(funcs, init)
	}
	for name, m := range pkg.Members {
		if fn, ok := m.(*ssa.Function); ok && name != "init" {
			funcs = append(funcs, fn)
		}
	}
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		named, ok := tn.Type().(*types.Named)
		if !ok {
			continue
		}
		for i := range named.NumMethods() {
			if fn := pkg.Prog.FuncValue(named.Method(i)); fn != nil {
				funcs = append(funcs, fn)
			}
		}
	}
	sortFuncs(funcs)
	return funcs
}

// Callee returns the function that carries the body of fn: fn itself, the generic
// function of which fn is an instance, or the skeleton of a function of another
// package. It is nil where there is no body to look into.
func (p *Program) Callee(fn *ssa.Function) *ssa.Function {
	if fn == nil {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if p.linked[fn] {
		return fn
	}
	if len(fn.Blocks) == 0 || fn.Pkg != p.SSA && fn.Synthetic == "" && fn.Parent() == nil {
		obj, _ := fn.Object().(*types.Func)
		return p.linker.Body(obj)
	}
	return fn
}

// StaticCallee returns the body that a call enters if that is known from the
// call alone, and nil otherwise.
func (p *Program) StaticCallee(call ssa.CallInstruction) *ssa.Function {
	return p.Callee(call.Common().StaticCallee())
}

// Callers returns the calls, go and defer statements that name fn directly.
// The caller must not change the slice.
func (p *Program) Callers(fn *ssa.Function) []ssa.CallInstruction { return p.callers[fn] }

// FuncOf returns the SSA function of a declared function, or nil.
func (p *Program) FuncOf(obj *types.Func) *ssa.Function { return p.byObject[obj] }

// Object returns the declared function or method that a call names: the
// static callee or the interface method. It is nil for function values.
func Object(call *ssa.CallCommon) *types.Func {
	if call.IsInvoke() {
		return call.Method
	}
	if fn := call.StaticCallee(); fn != nil {
		if o := fn.Origin(); o != nil {
			fn = o
		}
		obj, _ := fn.Object().(*types.Func)
		return obj
	}
	return nil
}

// Op returns the concurrency operation of a call.
func Op(call *ssa.CallCommon) api.Op { return api.Of(Object(call)) }

// IsNil reports whether v is the constant nil.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// IsLoopBody reports whether fn is the body of a range-over-func loop.
func IsLoopBody(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// Yield returns the number of the argument with which a call of a function value
// asks it to pass its values on, one at a time: of a loop over an iterator, or of
// a call of anything that is shaped like one, which may take a context besides and
// return an error. Whatever such a function is, it calls yield before it returns or
// never. Yield returns -1 for other calls.
func Yield(call *ssa.CallCommon) int {
	if call.IsInvoke() || call.StaticCallee() != nil {
		return -1
	}
	sig, ok := call.Value.Type().Underlying().(*types.Signature)
	if !ok || sig.Params().Len() == 0 || sig.Variadic() {
		return -1
	}
	if n := sig.Results().Len(); n > 1 || n == 1 && !types.Identical(sig.Results().At(0).Type(), types.Universe.Lookup("error").Type()) {
		return -1
	}
	last := sig.Params().Len() - 1
	for i := range last {
		if !api.IsContext(sig.Params().At(i).Type()) {
			return -1
		}
	}
	yield, ok := sig.Params().At(last).Type().Underlying().(*types.Signature)
	if !ok || yield.Results().Len() != 1 || !types.Identical(yield.Results().At(0).Type().Underlying(), types.Typ[types.Bool]) {
		return -1
	}
	return last
}

// IsBuiltin reports whether a call is one of the named builtin.
func IsBuiltin(call *ssa.CallCommon, name string) bool {
	b, ok := call.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

// NeverReturns reports whether control does not pass beyond instr: a panic, or
// a call of a function that never returns.
func (p *Program) NeverReturns(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Panic:
		return true
	case *ssa.Call:
		if api.NoReturn(Object(&instr.Call)) {
			return true
		}
		callee := p.StaticCallee(instr)
		return callee != nil && p.noReturn[callee]
	}
	return false
}

// RunsOnce reports whether a function is executed at most once in the life of
// the process: main, init, and what only these call, outside of loops. What
// such a function leaves behind lives as long as the process anyway.
func (p *Program) RunsOnce(fn *ssa.Function) bool { return p.runsOnce(fn, 0) }

func (p *Program) runsOnce(fn *ssa.Function, depth int) bool {
	if fn.Parent() != nil || depth > 8 {
		return false
	}
	if fn.Signature.Recv() == nil && (fn.Name() == "init" || fn.Name() == "main" && p.Types.Name() == "main") {
		return true
	}
	obj := fn.Object()
	if obj == nil || obj.Exported() && p.Types.Name() != "main" || len(p.callers[fn]) != 1 {
		return false
	}
	call, ok := p.callers[fn][0].(*ssa.Call)
	return ok && p.Loops(call.Parent()).Innermost(call.Block()) == nil && p.runsOnce(call.Parent(), depth+1)
}

// CanReturn reports whether a function has a path from its entry to a return.
func (p *Program) CanReturn(fn *ssa.Function) bool { return !p.noReturn[fn] }

// findNoReturn computes the functions that have no path to a return, as a
// least fixed point: a call returns unless shown otherwise.
func (p *Program) findNoReturn() {
	for changed := true; changed; {
		changed = false
		for _, fn := range slices.Concat(p.Funcs, p.Linked) {
			if !p.noReturn[fn] && !p.reachesReturn(fn) {
				p.noReturn[fn] = true
				changed = true
			}
		}
	}
}

func (p *Program) reachesReturn(fn *ssa.Function) bool {
	if p.MayRecover(fn) {
		return true
	}
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	seen[0] = true
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if p.Ends(b) {
			continue
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		for _, s := range b.Succs {
			if !seen[s.Index] {
				seen[s.Index] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// Instrs goes through the instructions of a function, block by block.
func Instrs(fn *ssa.Function) iter.Seq[ssa.Instruction] {
	return func(yield func(ssa.Instruction) bool) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if !yield(instr) {
					return
				}
			}
		}
	}
}

// End returns the position of a function's closing brace.
func End(fn *ssa.Function) token.Pos {
	if syn := fn.Syntax(); syn != nil {
		return syn.End() - 1
	}
	return fn.Pos()
}

// MayRecover reports whether a function defers a call that stops a panic.
func (p *Program) MayRecover(fn *ssa.Function) bool {
	for instr := range Instrs(fn) {
		if d, ok := instr.(*ssa.Defer); ok {
			if callee := p.StaticCallee(d); callee != nil && CallsRecover(callee) {
				return true
			}
		}
	}
	return false
}

// CallsRecover reports whether a function itself calls recover.
func CallsRecover(fn *ssa.Function) bool {
	for instr := range Instrs(fn) {
		if call, ok := instr.(ssa.CallInstruction); ok && IsBuiltin(call.Common(), "recover") {
			return true
		}
	}
	return false
}

// Ends reports whether control does not leave the block: the program or the
// goroutine ends in it.
func (p *Program) Ends(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		if p.NeverReturns(instr) {
			return true
		}
	}
	return false
}
