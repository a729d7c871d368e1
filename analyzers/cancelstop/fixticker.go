package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// tickerFix ends the loop of a goroutine over the ticks of a local Ticker where that is
// stopped:
//
//	t := time.NewTicker(d)         t := time.NewTicker(d)
//	defer t.Stop()                 done := make(chan struct{})
//	go func() {                    defer t.Stop()
//		for range t.C {            defer close(done)
//			show()                 go func() {
//		}                              for {
//	}()                                    select {
//	                                       case <-t.C:
//	                                       case <-done:
//	                                           return
//	                                       }
//	                                       show()
//
// It is right where the only Stop, deferred or not, stands in the same list of statements
// as the declaration, so that the new channel is closed once.
func (s *subject) tickerFix(l *loop, v *types.Var, stops []timerUse) *report.Fix {
	lit, ok := l.fn.(*ast.FuncLit)
	if !ok || v.IsField() || len(stops) != 1 || !isGoroutine(lit, l.outer) {
		return nil
	}
	def := syntax.Enclosing[*ast.AssignStmt](s.eng.Syntax, v.Pos())
	if def == nil || def.Tok != token.DEFINE || len(def.Lhs) != 1 {
		return nil
	}
	list, i := s.eng.Syntax.Around(def)
	if i < 0 {
		return nil
	}
	stop := slices.IndexFunc(list, func(stmt ast.Stmt) bool {
		switch stmt := stmt.(type) {
		case *ast.DeferStmt:
			return stmt.Call == stops[0].call
		case *ast.ExprStmt:
			return stmt.X == ast.Expr(stops[0].call)
		}
		return false
	})
	typ, body := s.eng.Syntax.Function(def.Pos())
	if stop <= i || typ == nil || typ != s.outerType(l) {
		return nil
	}
	e := s.pass.Edit(l.stmt.Pos())
	done := e.FreshName(body, "done")
	e.InsertAfter(def, done+" := make(chan struct{})")
	if _, deferred := list[stop].(*ast.DeferStmt); deferred {
		e.InsertAfter(list[stop], "defer close("+done+")")
	} else {
		e.InsertAfter(list[stop], "close("+done+")")
	}
	if !s.waitFor(e, l, done) {
		return nil
	}
	return e.Fix("End the loop where " + v.Name() + " is stopped")
}

// outerType returns the type of the function around the go statement of a loop.
func (s *subject) outerType(l *loop) *ast.FuncType {
	i := slices.Index(l.outer, l.fn)
	switch fn := funcAround(l.outer[:max(i, 0)]).(type) {
	case *ast.FuncDecl:
		return fn.Type
	case *ast.FuncLit:
		return fn.Type
	}
	return nil
}

// waitFor lets each turn of a loop begin with a select for the next tick or the end of
// the goroutine. It reports whether it knows how.
func (s *subject) waitFor(e *report.Editor, l *loop, done string) bool {
	tail := "case <-" + done + ":\n\treturn\n}"
	switch loop := l.stmt.(type) {
	case *ast.ForStmt:
		first, ok := loop.Body.List[0].(*ast.ExprStmt)
		if !ok {
			return false
		}
		e.Enclose(first, "select {\ncase ", ":", tail)
	case *ast.RangeStmt:
		ch := e.Text(loop.X)
		text := "select {\ncase <-" + ch + ":\n" + tail
		if loop.Key != nil {
			key, ok := loop.Key.(*ast.Ident)
			if !ok || loop.Tok != token.DEFINE {
				return false
			}
			if key.Name != "_" {
				name := s.timePackage(loop.Pos())
				if name == "" {
					return false
				}
				text = "var " + key.Name + " " + name + ".Time\nselect {\ncase " + key.Name + " = <-" + ch + ":\n" + tail
			}
		}
		e.Replace(&ast.BadStmt{From: loop.For, To: loop.Body.Lbrace}, "for ")
		e.InsertFirst(loop.Body, text)
	}
	return true
}

// timePackage returns the name of package time in the file at a position, or "" where it
// means something else there.
func (s *subject) timePackage(pos token.Pos) string {
	for _, spec := range s.eng.Syntax.File(pos).Imports {
		name := s.eng.Info.PkgNameOf(spec)
		if name == nil || name.Imported().Path() != "time" {
			continue
		}
		if _, found := s.eng.Types.Scope().Innermost(pos).LookupParent(name.Name(), pos); found == name {
			return name.Name()
		}
	}
	return ""
}
