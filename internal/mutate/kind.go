package mutate

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

// A kind says what part a call has in a protocol.
type kind string

const (
	none      kind = ""
	closeCall kind = "close"   // of a channel
	done      kind = "Done"    // of a WaitGroup
	release   kind = "Release" // of a semaphore
	unlock    kind = "Unlock"  // of a lock; RUnlock also
	wake      kind = "wake"    // Signal or Broadcast of a Cond
	cancel    kind = "cancel"  // of a context
	wait      kind = "Wait"    // for a WaitGroup or an errgroup
)

var kinds = map[api.Op]kind{
	api.WGDone: done, api.SemRelease: release, api.Unlock: unlock, api.RUnlock: unlock,
	api.CondWake: wake, api.WGWait: wait, api.EGWait: wait,
}

// apiOp returns the operation of package api that a call performs.
func (p *Package) apiOp(call *ast.CallExpr) api.Op {
	return api.Of(p.callee(call))
}

// callee returns the function that a call names, or nil. A method of an
// instantiated type is the generic one.
func (p *Package) callee(call *ast.CallExpr) *types.Func {
	if f, ok := typeutil.Callee(p.Info, call).(*types.Func); ok {
		return f.Origin()
	}
	return nil
}

// builtin reports whether a call is one of the named builtin function.
func (p *Package) builtin(call *ast.CallExpr, name string) bool {
	b, ok := typeutil.Callee(p.Info, call).(*types.Builtin)
	return ok && b.Name() == name
}

// kindOf returns the kind of a call, leaving helpers aside.
func (p *Package) kindOf(call *ast.CallExpr) kind {
	if p.builtin(call, "close") {
		return closeCall
	}
	if n := api.Named(p.Info.TypeOf(call.Fun)); n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" {
		return cancel // a context.CancelFunc or CancelCauseFunc: there are no other functions' types
	}
	return kinds[p.apiOp(call)]
}

// helpers returns the functions of the package that stand for an operation: one
// that waits is a Wait, one that closes a channel, wakes, or gives something back
// that it has not taken, is a Release. A function that starts goroutines, or is
// given functions to call, does work of its own and stands for nothing.
func (p *Package) helpers() map[*types.Func]kind {
	found := make(map[*types.Func]kind)
	for _, file := range p.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			f := p.Info.Defs[fn.Name].(*types.Func)
			if k := p.effect(fn.Body); k != none && !takesFunc(f) {
				found[f] = k
			}
		}
	}
	return found
}

// effect returns what a helper with this body stands for.
func (p *Package) effect(body *ast.BlockStmt) kind {
	effect, locks, starts := none, false, false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.CallExpr:
			switch op := p.apiOp(n); op {
			case api.WGGo, api.EGGo, api.EGTryGo:
				starts = true
			case api.Lock, api.RLock:
				locks = true
			}
			switch k := p.kindOf(n); {
			case k == wait:
				effect = wait
			case k != none && k != cancel && effect == none && !(k == unlock && locks):
				effect = release
			}
		}
		return true
	})
	if starts {
		return none
	}
	return effect
}

func takesFunc(f *types.Func) bool {
	for v := range f.Signature().Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// doneVars returns the variables that are the Done channel of a context.
func (p *Package) doneVars() map[types.Object]bool {
	vars := make(map[types.Object]bool)
	for _, file := range p.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Lhs) == len(assign.Rhs) {
				for i, rhs := range assign.Rhs {
					if id, ok := assign.Lhs[i].(*ast.Ident); ok && p.isDone(rhs, nil) {
						vars[p.Info.ObjectOf(id)] = true
					}
				}
			}
			return true
		})
	}
	return vars
}

// isDone reports whether an expression is ctx.Done() or one of the variables.
func (p *Package) isDone(e ast.Expr, vars map[types.Object]bool) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return p.apiOp(e) == api.CtxDone
	case *ast.Ident:
		return vars[p.Info.Uses[e]]
	}
	return false
}

// received returns the channel from which a statement receives, or nil.
func received(s ast.Stmt) ast.Expr {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

func (p *Package) isChan(e ast.Expr) bool {
	t := p.Info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}
