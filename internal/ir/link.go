package ir

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/skeleton"
)

// maxMethods bounds the methods that are linked for a value in an interface.
const maxMethods = 40

// link builds the skeletons of the functions of other packages that the package
// can get to: those that it names, the methods of what it puts into interfaces, and
// in turn what these name. What the builder panics on, and what comes after it, stays
// without bodies.
func (p *Program) link() {
	defer func() {
		if r := recover(); r != nil {
			p.LinkPanic = fmt.Sprint(r)
		}
	}()
	work := p.Funcs
	for len(work) > 0 {
		before := len(p.linker.Bodies())
		p.linker.Link(p.mentioned(work))
		work = nil
		for _, fn := range p.linker.Bodies()[before:] {
			work = append(work, p.addLinked(fn)...)
		}
		p.Linked = append(p.Linked, work...)
	}
}

func (p *Program) addLinked(fn *ssa.Function) []*ssa.Function {
	if p.linked[fn] || len(fn.Blocks) == 0 {
		return nil
	}
	p.linked[fn] = true
	out := []*ssa.Function{fn}
	for _, anon := range fn.AnonFuncs {
		out = append(out, p.addLinked(anon)...)
	}
	return out
}

// mentioned returns the functions of other packages that some functions may call.
func (p *Program) mentioned(fns []*ssa.Function) []*types.Func {
	var out []*types.Func
	add := func(f *types.Func) {
		if f != nil && f.Pkg() != nil && f.Pkg() != p.Types && p.fact(f.Pkg()) != nil {
			out = append(out, f)
		}
	}
	boxed := make(map[types.Type]bool)
	var rands []*ssa.Value
	for _, fn := range fns {
		for instr := range Instrs(fn) {
			if call, ok := instr.(ssa.CallInstruction); ok {
				add(Object(call.Common()))
			}
			if box, ok := instr.(*ssa.MakeInterface); ok && !boxed[box.X.Type()] {
				boxed[box.X.Type()] = true
				if n := api.Named(box.X.Type()); n != nil && n.NumMethods() <= maxMethods {
					for m := range n.Methods() {
						add(m)
					}
				}
			}
			rands = instr.Operands(rands[:0])
			for _, r := range rands {
				if f, ok := (*r).(*ssa.Function); ok {
					if o := f.Origin(); o != nil {
						f = o
					}
					obj, _ := f.Object().(*types.Func)
					add(obj)
				}
			}
		}
	}
	return out
}

// Unusable returns the number of skeletons that make no sense in this package, such as
// those that name a type that its imports do not export: their functions may do anything.
func (p *Program) Unusable() int { return p.linker.Dropped }

// IsLinked reports whether a function is, or stands in, one of another package.
func (p *Program) IsLinked(fn *ssa.Function) bool { return p.linked[fn] }

// External tells what a function without a body here does with what it is given,
// like [api.Callee], with what the facts of other packages add.
func (p *Program) External(f *types.Func) (keeps bool, callback api.Callback) {
	keeps, callback = api.Callee(f)
	if f == nil || f.Pkg() == nil || f.Pkg() == p.Types || !keeps {
		return keeps, callback
	}
	if fn, known := skeleton.Known(p.fact(f.Pkg()), f); known && fn == nil {
		// It touches nothing. What it returns may still lead to it.
		return skeleton.Leads(f.Signature().Results()), api.CallbackNone
	}
	return keeps, callback
}
