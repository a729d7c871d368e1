// Package gate decides, in one walk over a package's syntax, which functions
// are worth an SSA body: those that touch a concurrency primitive, those that
// call them, and those that they call. In most packages there are none, and
// the analysis ends here; that is what makes it cost next to nothing.
package gate

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

// A Mask is a set of operations that occur in a function or package.
type Mask uint16

// The operations that a check can ask for.
const (
	Go        Mask = 1 << iota // a go statement, WaitGroup.Go or errgroup's Go
	MakeChan                   // make of a channel
	Send                       // a send statement
	Recv                       // a receive, a range over a channel, a select
	Close                      // close of a channel
	WaitGroup                  // a method of sync.WaitGroup
	Group                      // a function or method of errgroup
	Mention                    // a variable that is a channel, WaitGroup, group or semaphore
	Context                    // a context, or an operation on one
	Lock                       // a lock, Cond, Once or atomic
	Mutex                      // an operation on a lock, Cond or Once, called or as a value
	Elsewhere                  // a call of a function of another package that has such operations
)

// seeds are the operations that make a function relevant by itself. Contexts
// are everywhere: they matter where they meet one of the others.
const seeds = Go | MakeChan | Send | Recv | Close | WaitGroup | Group | Mention | Mutex | Elsewhere

// Has reports whether the package, or function, has any of the operations.
func (m Mask) Has(ops Mask) bool { return m&ops != 0 }

// A Result is what the walk found.
type Result struct {
	// Mask is the union over all functions.
	Mask Mask

	// Funcs holds the mask of each function declaration that touches a
	// primitive itself, its function literals included.
	Funcs map[*ast.FuncDecl]Mask

	relevant map[*ast.FuncDecl]bool
}

// Relevant reports whether fd needs a body in SSA form: it touches a
// primitive, or calls, or is called by, a function of the package that does.
func (r *Result) Relevant(fd *ast.FuncDecl) bool { return r.relevant[fd] }

// Scan walks the package once. The inspector must be that of the package's files.
// Of functions of other packages, acts tells whether they operate on primitives; it may
// be nil.
func Scan(pkg *types.Package, info *types.Info, in *inspector.Inspector, acts func(*types.Func) bool) *Result {
	s := &scanner{
		pkg:     pkg,
		info:    info,
		acts:    acts,
		result:  &Result{Funcs: make(map[*ast.FuncDecl]Mask), relevant: make(map[*ast.FuncDecl]bool)},
		decls:   make(map[*types.Func]*ast.FuncDecl),
		callers: make(map[*types.Func][]*ast.FuncDecl),
		callees: make(map[*ast.FuncDecl][]*types.Func),
		methods: make(map[string][]*ast.FuncDecl),
		invokes: make(map[*ast.FuncDecl][]string),
		embeds:  embedders(pkg),
	}
	for cur := range in.Root().Preorder((*ast.FuncDecl)(nil)) {
		fd := cur.Node().(*ast.FuncDecl)
		if fd.Body == nil {
			continue // assembly or linkname: nothing to see
		}
		if fn, ok := info.Defs[fd.Name].(*types.Func); ok {
			s.decls[fn] = fd
			if fd.Recv != nil {
				s.methods[fn.Name()] = append(s.methods[fn.Name()], fd)
			}
		}
		mask := s.function(cur)
		if mask != 0 {
			s.result.Funcs[fd] = mask
			s.result.Mask |= mask
		}
	}
	s.close()
	return s.result
}

type scanner struct {
	pkg     *types.Package
	info    *types.Info
	acts    func(*types.Func) bool
	result  *Result
	decls   map[*types.Func]*ast.FuncDecl
	callers map[*types.Func][]*ast.FuncDecl
	callees map[*ast.FuncDecl][]*types.Func
	methods map[string][]*ast.FuncDecl // declared here, by name
	invokes map[*ast.FuncDecl][]string // names of interface methods
	embeds  map[*types.TypeName]bool
}

// embedders returns the types of a package that have a group's methods because they
// embed one.
func embedders(pkg *types.Package) map[*types.TypeName]bool {
	var out map[*types.TypeName]bool
	if !slices.ContainsFunc(pkg.Imports(), func(imp *types.Package) bool { return api.HasGroups(imp.Path()) }) {
		return nil
	}
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || types.IsInterface(tn.Type()) {
			continue
		}
		wait, _, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, "Wait")
		if fn, ok := wait.(*types.Func); ok && isGroupWait(api.Of(fn)) {
			if out == nil {
				out = make(map[*types.TypeName]bool)
			}
			out[tn] = true
		}
	}
	return out
}

func isGroupWait(op api.Op) bool { return op == api.WGWait || op == api.EGWait }

// function returns the mask of one declaration and notes which functions of
// the package it mentions.
func (s *scanner) function(cur inspector.Cursor) Mask {
	fd := cur.Node().(*ast.FuncDecl)
	var mask Mask
	for c := range cur.Preorder(
		(*ast.GoStmt)(nil), (*ast.SendStmt)(nil), (*ast.SelectStmt)(nil), (*ast.UnaryExpr)(nil),
		(*ast.RangeStmt)(nil), (*ast.CallExpr)(nil), (*ast.Ident)(nil)) {
		switch n := c.Node().(type) {
		case *ast.GoStmt:
			mask |= Go
		case *ast.SendStmt:
			mask |= Send
		case *ast.SelectStmt:
			mask |= Recv
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				mask |= Recv
			}
		case *ast.RangeStmt:
			if t := s.info.TypeOf(n.X); t != nil && isChan(t) {
				mask |= Recv
			}
		case *ast.CallExpr:
			mask |= s.call(n)
		case *ast.Ident:
			mask |= s.ident(fd, n)
		}
	}
	return mask
}

func (s *scanner) call(call *ast.CallExpr) Mask {
	switch callee := typeutil.Callee(s.info, call).(type) {
	case *types.Builtin:
		switch {
		case callee.Name() == "close":
			return Close
		case callee.Name() == "make" && len(call.Args) > 0:
			if t := s.info.TypeOf(call.Args[0]); t != nil && isChan(t) {
				return MakeChan
			}
		}
	case *types.Func:
		switch api.Of(callee) {
		case api.None:
		case api.WGGo:
			return WaitGroup | Go
		case api.WGAdd, api.WGDone, api.WGWait:
			return WaitGroup
		case api.EGGo, api.EGTryGo:
			return Group | Go
		case api.EGWithContext, api.EGWait, api.EGSetLimit:
			return Group
		case api.SemNew, api.SemAcquire, api.SemTryAcquire, api.SemRelease:
			return Mention
		case api.CtxDerive, api.CtxWithoutCancel, api.CtxRoot, api.CtxDone, api.CtxErr, api.CtxValue, api.CtxDeadline, api.CtxCause:
			return Context
		default:
			return Lock
		}
	}
	return 0
}

// ident notes a mention of a function of this package, called or not, and
// counts a variable whose value is a primitive as a use of it.
func (s *scanner) ident(fd *ast.FuncDecl, id *ast.Ident) Mask {
	switch obj := s.info.Uses[id].(type) {
	case *types.Func:
		if recv := obj.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			s.invokes[fd] = append(s.invokes[fd], obj.Name())
			if api.InterfaceLock(obj) != api.None {
				return Lock | Mutex
			}
		}
		if obj.Pkg() == s.pkg {
			obj = obj.Origin()
			s.callers[obj] = append(s.callers[obj], fd)
			s.callees[fd] = append(s.callees[fd], obj)
			return 0
		}
		switch api.Of(obj) {
		case api.Lock, api.TryLock, api.Unlock, api.RLock, api.RUnlock, api.OnceDo, api.CondWait, api.CondWake:
			return Lock | Mutex // called, or used as a value
		}
		if s.acts != nil && s.acts(obj.Origin()) {
			return Elsewhere
		}
	case *types.TypeName:
		if s.embeds[obj] {
			return Mention
		}
	case *types.Var:
		switch {
		case s.embeds != nil && s.embeds[typeName(obj.Type())]:
			return Mention
		case api.IsContext(obj.Type()):
			return Context
		case api.IsCond(obj.Type()):
			return Lock | Mutex // who wakes it has to be seen
		case api.IsLock(obj.Type()):
			return Lock
		case api.IsPrimitive(obj.Type()):
			return Mention
		}
	}
	return 0
}

// close computes the relevant functions: the direct ones, their callers in
// turn, and all that these call.
func (s *scanner) close() {
	relevant := s.result.relevant
	var work []*ast.FuncDecl
	add := func(fd *ast.FuncDecl) {
		if fd != nil && !relevant[fd] {
			relevant[fd] = true
			work = append(work, fd)
		}
	}
	for fd, mask := range s.result.Funcs {
		if mask&seeds != 0 {
			add(fd)
		}
	}
	for len(work) > 0 {
		fd := work[len(work)-1]
		work = work[:len(work)-1]
		if fn, ok := s.info.Defs[fd.Name].(*types.Func); ok {
			for _, caller := range s.callers[fn] {
				add(caller)
			}
		}
	}
	for fd := range relevant {
		work = append(work, fd)
	}
	for len(work) > 0 {
		fd := work[len(work)-1]
		work = work[:len(work)-1]
		for _, fn := range s.callees[fd] {
			add(s.decls[fn])
		}
		for _, name := range s.invokes[fd] {
			if name == "Error" || name == "String" {
				continue // of nearly every type, and nearly never of interest
			}
			for _, m := range s.methods[name] {
				add(m)
			}
		}
	}
}

// typeName returns the name of a type's declaration, through a pointer, or nil.
func typeName(t types.Type) *types.TypeName {
	if n := api.Named(t); n != nil {
		return n.Obj()
	}
	return nil
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}
