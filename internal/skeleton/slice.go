package skeleton

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"

	"github.com/concurlint/concurlint/internal/api"
)

// Limits of what a fact may hold. A function beyond them is one that may do
// anything.
const (
	maxText     = 3000 // bytes, of a function that operates on a primitive
	maxPassive  = 300  // bytes, of one that just hands on what it is given
	maxFunction = 600  // lines of source
)

// A Slicer makes the skeletons of one package.
type Slicer struct {
	Fset  *token.FileSet
	Pkg   *types.Package
	Info  *types.Info
	Files []*ast.File

	// Fact returns the fact of another package, nil if it has none.
	Fact func(*types.Package) *Fact

	// Panics tells of the functions that the slicer failed on: they may do anything.
	Panics []string

	funcs    map[*types.Func]*function
	order    []*function
	paths    map[string]string // of imports, by name
	carriers map[types.Type]bool
	concrete map[types.Type]bool
	locals   bool // a function that declares types was seen
}

// A function is a declared function on the way to its skeleton.
type function struct {
	obj    *types.Func
	decl   *ast.FuncDecl
	body   []*stmt
	quiet  bool   // there is nothing in it, and it was not sliced
	failed string // why there is no skeleton

	// What it does itself, then with its callees.
	acts, effect, starts bool

	weak    map[*types.Var]bool // variables that are computed from what was taken away
	results []*expr             // numbers, strings and truth values that it returns

	text  string
	calls []*types.Func // in the text
	index int           // in the fact, or -1
}

// Slice returns the fact of the package, nil if there is nothing to say.
func (s *Slicer) Slice() *Fact {
	s.funcs = make(map[*types.Func]*function)
	s.paths = make(map[string]string)
	s.carriers = make(map[types.Type]bool)
	s.concrete = make(map[types.Type]bool)
	for _, file := range s.Files {
		for _, d := range file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := s.Info.Defs[fd.Name].(*types.Func); ok && fd.Name.Name != "_" && NameOf(obj) != "" && !isInit(obj) {
					f := &function{obj: obj, decl: fd, index: -1}
					s.funcs[obj] = f
					s.order = append(s.order, f)
				}
			}
		}
	}
	for _, f := range s.order {
		s.function(f)
	}
	s.propagate()
	return s.fact()
}

func isInit(f *types.Func) bool { return f.Name() == "init" && f.Signature().Recv() == nil }

// errFail is panicked with by what cannot be expressed.
type errFail string

// fail gives up on the function.
func fail(format string, args ...any) { panic(errFail(fmt.Sprintf(format, args...))) }

// function slices one function.
func (s *Slicer) function(f *function) {
	if f.decl.Body == nil {
		f.failed, f.acts, f.effect = "no body", true, true
		return
	}
	if f.quiet = s.harmless(f); f.quiet {
		return
	}
	if s.line(f.decl.End())-s.line(f.decl.Pos()) > maxFunction {
		f.failed, f.effect = "too long", true
		return
	}
	defer func() {
		if r := recover(); r != nil {
			reason, ok := r.(errFail)
			if !ok {
				s.Panics = append(s.Panics, fmt.Sprintf("%s: %v", f.obj.FullName(), r))
			}
			f.failed, f.effect, f.body = cmp.Or(string(reason), "panic"), true, nil
		}
	}()
	w := &walker{s: s, f: f, sig: f.obj.Signature()}
	f.body = w.block(f.decl.Body.List)
	for _, st := range f.body {
		st.each(func(e *expr) {
			f.acts = f.acts || e.acts
			f.effect = f.effect || e.effect
			f.starts = f.starts || e.starts
		})
	}
}

// useful reports whether other packages gain by the skeleton of a function: it starts
// something, or it is given, not behind an interface, what they may have made, or it
// returns such a thing.
func (s *Slicer) useful(f *function) bool {
	sig := f.obj.Signature()
	if f.starts || f.exits() || s.hands(f) || sig.Recv() != nil && s.matters(sig.Recv().Type()) {
		return true
	}
	for v := range sig.Params().Variables() {
		if s.matters(v.Type()) && !api.IsContext(v.Type()) {
			return true
		}
	}
	return false
}

// doubt notes variables whose values the program may know better.
func (f *function) doubt(vars []*types.Var) {
	for _, v := range vars {
		if f.weak == nil {
			f.weak = make(map[*types.Var]bool)
		}
		f.weak[v] = true
	}
}

// isWeak reports whether an expression is computed from what was taken away.
func (f *function) isWeak(e *expr) bool {
	return e.weak || slices.ContainsFunc(e.uses, func(v *types.Var) bool { return f.weak[v] })
}

// harmless reports whether the function cannot do anything that matters, judged
// by a look at what it is given and what it names: most functions are such.
func (s *Slicer) harmless(f *function) bool {
	sig := f.obj.Signature()
	if sig.Recv() != nil && s.carries(sig.Recv().Type()) {
		return false
	}
	for v := range sig.Params().Variables() {
		if s.carries(v.Type()) {
			return false
		}
	}
	if s.hands(f) {
		return false
	}
	quiet := true
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt, *ast.DeferStmt:
			quiet = false
		case *ast.Ident:
			switch obj := s.Info.Uses[n].(type) {
			case *types.Func:
				if api.NoReturn(obj) || api.Of(obj) != api.None && api.Of(obj) != api.Atomic || obj.Pkg() == s.Pkg {
					quiet = false
				}
			case *types.Builtin:
				if obj.Name() == "panic" {
					quiet = false
				}
			}
		}
		return quiet
	})
	return quiet
}

func (s *Slicer) line(pos token.Pos) int { return s.Fset.PositionFor(pos, false).Line }

// exits reports whether a function ends with what never returns.
func (f *function) exits() bool {
	n := len(f.body)
	return n > 0 && len(f.body[n-1].head.parts) > 0 && f.body[n-1].head.parts[0].text == "panic(0)"
}

// propagate lets functions have the effects of those that they call.
func (s *Slicer) propagate() {
	for changed := true; changed; {
		changed = false
		for _, f := range s.order {
			if f.effect && f.acts && f.starts || f.failed != "" {
				continue
			}
			for _, st := range f.body {
				st.each(func(e *expr) {
					for _, callee := range e.calls {
						c := s.funcs[callee]
						if c == nil {
							continue
						}
						if c.effect && !f.effect {
							f.effect, changed = true, true
						}
						if c.acts && !f.acts {
							f.acts, changed = true, true
						}
						if c.starts && !f.starts {
							f.starts, changed = true, true
						}
					}
				})
			}
		}
	}
}

// fact renders what has to be said.
func (s *Slicer) fact() *Fact {
	listed := make(map[*function]bool)
	var add func(f *function)
	add = func(f *function) {
		if listed[f] {
			return
		}
		if f.quiet && !isPrivate(f.obj) {
			return
		}
		listed[f] = true
		if f.quiet || f.failed != "" || !s.useful(f) || !s.render(f) {
			f.text, f.calls = "", nil
			if f.decl.Recv == nil && !f.obj.Exported() {
				f.text = s.signature(f) // somebody calls it
			}
			return
		}
		for _, callee := range f.calls {
			if c := s.funcs[callee]; c != nil {
				add(c)
			}
		}
	}
	for _, f := range s.order {
		if !isPrivate(f.obj) && (f.effect || s.hands(f)) {
			add(f)
		}
	}
	out := &Fact{}
	var list []*function
	for f := range listed {
		if !f.effect && f.text == "" && !isPrivate(f.obj) && !s.hands(f) {
			continue
		}
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool { return NameOf(list[i].obj) < NameOf(list[j].obj) })
	for i, f := range list {
		f.index = i
	}
	for _, f := range list {
		fn := Func{Name: NameOf(f.obj), Text: f.text, Acts: f.acts}
		for _, callee := range f.calls {
			if c := s.funcs[callee]; c != nil && c.index >= 0 && !slices.Contains(fn.Calls, c.index) {
				fn.Calls = append(fn.Calls, c.index)
			}
		}
		slices.Sort(fn.Calls)
		out.Funcs = append(out.Funcs, fn)
	}
	for name, path := range s.paths {
		if slices.ContainsFunc(out.Funcs, func(f Func) bool { return strings.Contains(f.Text, name+".") }) {
			out.Imports = append(out.Imports, Import{name, path})
		}
	}
	sort.Slice(out.Imports, func(i, j int) bool { return out.Imports[i].Name < out.Imports[j].Name })
	return out
}

// isPrivate reports whether only the package itself can name a function.
func isPrivate(f *types.Func) bool { return f.Signature().Recv() == nil && !f.Exported() }

// hands reports whether a function returns something by which a primitive can be
// reached, or the state of something with a primitive.
func (s *Slicer) hands(f *function) bool {
	sig := f.obj.Signature()
	state := sig.Recv() != nil && s.matters(sig.Recv().Type())
	for v := range sig.Params().Variables() {
		state = state || s.matters(v.Type()) && !api.IsContext(v.Type())
	}
	for v := range sig.Results().Variables() {
		if s.matters(v.Type()) || state && isBasic(v.Type()) {
			return true
		}
	}
	return false
}

// carries reports whether a primitive or a function may be reached through a value
// of type t, by way of interfaces too.
func (s *Slicer) carries(t types.Type) bool { return reaches(t, true, s.carriers) }

// matters is like carries, but does not look behind interfaces.
func (s *Slicer) matters(t types.Type) bool { return reaches(t, false, s.concrete) }

func reaches(t types.Type, behind bool, memo map[types.Type]bool) bool {
	if v, ok := memo[t]; ok {
		return v
	}
	memo[t] = false // for recursive types
	v := false
	if api.IsPrimitive(t) || api.IsTimer(t) {
		v = true
	} else if api.IsError(t) {
		v = false
	} else if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		v = behind
	} else {
		switch u := t.Underlying().(type) {
		case *types.Chan, *types.Signature:
			v = true
		case *types.Interface:
			v = behind
		case *types.Pointer:
			v = reaches(u.Elem(), behind, memo)
		case *types.Slice:
			v = reaches(u.Elem(), behind, memo)
		case *types.Array:
			v = reaches(u.Elem(), behind, memo)
		case *types.Map:
			v = reaches(u.Key(), behind, memo) || reaches(u.Elem(), behind, memo)
		case *types.Struct:
			for f := range u.Fields() {
				if reaches(f.Type(), behind, memo) {
					v = true
					break
				}
			}
		}
	}
	memo[t] = v
	return v
}
