package gospawn

import (
	"slices"

	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// maxDistance is the number of calls between a loop and the start of a
// goroutine that are followed. What starts further away, deep in a client or
// server, is not the loop's business.
const maxDistance = 3

// roots returns the declared functions from which a repeated start is looked
// at, in source order: those that contain the repetition, and their callers
// where these decide what it goes through.
func roots(prog *ir.Program) []*ssa.Function {
	root := make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		if !root[fn] {
			root[fn] = true
			work = append(work, fn)
		}
	}
	for _, site := range starters(prog) {
		if repeated(prog, site) {
			if fn := declared(site.Parent()); !prog.IsLinked(fn) {
				add(fn)
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if open(prog, fn) || !takesInput(fn) {
			continue // callers out of sight, or none, decide on the input
		}
		for _, call := range prog.Callers(fn) {
			add(declared(call.Parent()))
		}
	}
	var out []*ssa.Function
	for _, fn := range prog.Funcs {
		if root[fn] {
			out = append(out, fn)
		}
	}
	return out
}

// starters returns the starts of goroutines and the calls that lead to one.
func starters(prog *ir.Program) []ssa.CallInstruction {
	distance := make(map[*ssa.Function]int)
	var sites []ssa.CallInstruction
	var work []*ssa.Function
	add := func(site ssa.CallInstruction, n int) {
		sites = append(sites, site)
		// A closure is called by its function, or by what that gives it to.
		for fn := site.Parent(); fn != nil; fn = fn.Parent() {
			if _, ok := distance[fn]; !ok && n <= maxDistance {
				distance[fn] = n
				work = append(work, fn)
			}
		}
	}
	for _, fn := range slices.Concat(prog.Funcs, prog.Linked) {
		for _, site := range spawnSites(fn) {
			add(site, 1)
		}
	}
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		for _, call := range prog.Callers(fn) {
			add(call, distance[fn]+1)
		}
	}
	return sites
}

// repeated reports whether a call may be executed often in one execution of
// the declared function in which it stands: in a loop, in a closure, or
// because the function calls itself.
func repeated(prog *ir.Program, site ssa.CallInstruction) bool {
	fn := site.Parent()
	if fn.Parent() != nil || prog.Loops(fn).Innermost(site.Block()) != nil {
		return true
	}
	if prog.StaticCallee(site) == fn {
		return true
	}
	for _, anon := range fn.AnonFuncs {
		if calls(prog, anon, fn) {
			return true
		}
	}
	return false
}

// calls reports whether a closure, or one in it, calls a function.
func calls(prog *ir.Program, closure, fn *ssa.Function) bool {
	for _, call := range prog.Callers(fn) {
		for in := call.Parent(); in != nil; in = in.Parent() {
			if in == closure {
				return true
			}
		}
	}
	return false
}

// declared returns the declared function in which fn stands.
func declared(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// takesInput reports whether callers give a function something to go through.
func takesInput(fn *ssa.Function) bool {
	for v := range fn.Signature.Params().Variables() {
		if _, isList := v.Type().Underlying().(*types.Pointer); !isList && elementOf(v.Type()) != nil {
			return true
		}
	}
	return false
}
