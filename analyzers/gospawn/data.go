package gospawn

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// parameter returns the source that a parameter of the model's root is, or nil
// where its length is not the affair of the caller's data.
func (f *finder) parameter(inst *model.Instance, p *ssa.Parameter) *source {
	if inst != f.m.Root || !open(f.prog, inst.Fn) {
		return nil // callers in the package decide, and are looked at themselves
	}
	sig := inst.Fn.Signature
	if sig.Recv() != nil && inst.Fn.Params[0] == p {
		return nil // the object's own data
	}
	if sig.Variadic() && inst.Fn.Params[len(inst.Fn.Params)-1] == p {
		return nil // written out in the call
	}
	elem := elementOf(p.Type())
	if elem == nil || !isData(elem) || isPlace(p.Name(), elem) {
		return nil
	}
	return &source{kind: parameter, unit: "element", name: p.Name(), pos: p.Pos()}
}

// open reports whether code outside the package calls a function directly.
func open(prog *ir.Program, fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() || prog.Types.Name() == "main" || takesTest(obj.Signature()) {
		return false
	}
	// A method of an unexported type is called through an interface, by code
	// that knows what it passes.
	recv := api.ReceiverNamed(obj)
	return recv == nil || recv.Obj().Exported()
}

// takesTest reports whether a function is a helper of tests.
func takesTest(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if api.IsTesting(v.Type()) {
			return true
		}
	}
	return false
}

// elementOf returns the element type of what a loop can go through, or nil.
func elementOf(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	case *types.Chan:
		return u.Elem()
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return t
		}
	case *types.Pointer:
		return u // a list
	case *types.Signature: // an iterator
		if u.Params().Len() != 1 || u.Results().Len() != 0 {
			return nil
		}
		yield, ok := u.Params().At(0).Type().Underlying().(*types.Signature)
		if !ok || yield.Params().Len() == 0 {
			return nil
		}
		last := yield.Params().At(yield.Params().Len() - 1).Type()
		if api.IsError(last) {
			return yield.Params().At(0).Type() // an element, or why there are no more
		}
		return last
	}
	return nil
}

// isData reports whether values of type t are data, as opposed to functions
// and objects with a life of their own: of those, a program is given a list
// when it is put together.
func isData(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return false
	case *types.Interface:
		return u.NumMethods() == 0 || isMessage(t)
	}
	return !isService(t)
}

// isService reports whether t, through one pointer, is a type that is started,
// stopped or shared: it has a method of that kind, or holds locks,
// channels or functions.
func isService(t types.Type) bool {
	for method := range types.NewMethodSet(pointerTo(t)).Methods() {
		if lifeMethods[strings.ToLower(method.Obj().Name())] {
			return true
		}
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || isMessage(t) || isMessage(types.NewPointer(t)) {
		return false
	}
	for field := range s.Fields() {
		if api.IsLock(field.Type()) || api.IsWaitGroup(field.Type()) {
			return true
		}
		if _, ok := field.Type().Underlying().(*types.Chan); ok {
			return true
		}
		if _, ok := field.Type().Underlying().(*types.Signature); ok {
			return true // behaviour, of which the program is made up
		}
	}
	return false
}

// runsElement reports whether the goroutine is a method of the received value,
// an object with a life of its own: for c := range clients { go c.serve() }.
func runsElement(s *spawn, src *source) bool {
	obj := ir.Object(s.site.Common())
	if src.kind != received || s.op != api.None || obj == nil {
		return false
	}
	recv := obj.Signature().Recv()
	return recv != nil && types.Identical(recv.Type(), src.elem) && isService(src.elem)
}

// lifeMethods are the names, in lower case, of methods that objects have which
// live on their own.
var lifeMethods = map[string]bool{
	"close": true, "stop": true, "shutdown": true, "start": true, "run": true, "serve": true, "accept": true,
	"connect": true, "dial": true, "ping": true,
}

// pointerTo returns the type whose method set has all methods of t.
func pointerTo(t types.Type) types.Type {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return t
	}
	return types.NewPointer(t)
}

// places are words for parts of a system, of which there are as many as
// someone has set up. They stand in plural in the names of lists.
var places = []string{
	"addr", "address", "endpoint", "host", "server", "peer", "replica", "shard", "member", "node", "broker",
	"worker", "listener", "handler", "plugin", "remote", "backend", "upstream", "seed", "cluster", "region", "zone",
	"service", "client", "subscriber", "watcher", "observer", "hook", "provider", "collector", "component",
}

// isPlace reports whether a list names parts of a system, by its name or by the
// name of its elements' type.
func isPlace(name string, elem types.Type) bool {
	if n := api.Named(elem); n != nil && isPlaceWord(n.Obj().Name()) {
		return true
	}
	return isPlaceWord(name)
}

func isPlaceWord(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(name, "list")
	for _, w := range places {
		if strings.HasSuffix(name, w) || strings.HasSuffix(name, w+"s") || strings.HasSuffix(name, w+"es") {
			return true
		}
	}
	return false
}
