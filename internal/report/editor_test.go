package report_test

import (
	"go/ast"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/report"
)

// An editTest makes edits in a file and says what must come of it: the text
// after, or why there is no fix.
type editTest struct {
	name    string
	before  string
	edit    func(t *testing.T, pass *analysis.Pass, e *report.Editor)
	after   string
	refused string
}

func before(stmt, text string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.InsertBefore(find[ast.Stmt](t, pass, stmt), text)
	}
}

func after(stmt, text string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.InsertAfter(find[ast.Stmt](t, pass, stmt), text)
	}
}

func first[N ast.Node](in, text string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.InsertFirst(find[N](t, pass, in), text)
	}
}

func remove(stmt string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.Delete(find[ast.Stmt](t, pass, stmt))
	}
}

func moveBefore(stmt, where string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.MoveBefore(find[ast.Stmt](t, pass, stmt), find[ast.Stmt](t, pass, where))
	}
}

func moveAfter(stmt, where string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.MoveAfter(find[ast.Stmt](t, pass, stmt), find[ast.Stmt](t, pass, where))
	}
}

var insertTests = []editTest{{
	name:   "before",
	before: "func f() {\n\ta()\n\tb()\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\ta()\n\tx()\n\tb()\n}\n",
}, {
	name:   "before, several lines",
	before: "func f() {\n\tb()\n}\n",
	edit:   before("b()", "go func() {\n\tx()\n\n\ty()\n}()"),
	after:  "func f() {\n\tgo func() {\n\t\tx()\n\n\t\ty()\n\t}()\n\tb()\n}\n",
}, {
	name:   "before, above the leading comment",
	before: "func f() {\n\ta()\n\n\t// why\n\t//nolint:foo\n\tb()\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\ta()\n\n\tx()\n\t// why\n\t//nolint:foo\n\tb()\n}\n",
}, {
	name:   "before, comment of the line above",
	before: "func f() {\n\ta() // of a\n\tb()\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\ta() // of a\n\tx()\n\tb()\n}\n",
}, {
	name:   "before, above the label",
	before: "func f() {\n\ta()\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
	edit:   before("for {", "x()"),
	after:  "func f() {\n\ta()\n\tx()\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
}, {
	name:   "before, given the label",
	before: "func f() {\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
	edit:   before("loop:", "x()"),
	after:  "func f() {\n\tx()\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
}, {
	name:   "before, in a case clause",
	before: "func f() {\n\tswitch a {\n\tcase 1:\n\t\tb()\n\tdefault:\n\t}\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\tswitch a {\n\tcase 1:\n\t\tx()\n\t\tb()\n\tdefault:\n\t}\n}\n",
}, {
	name:   "before, in a select clause",
	before: "func f() {\n\tselect {\n\tcase <-c:\n\t\tb()\n\t}\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\tselect {\n\tcase <-c:\n\t\tx()\n\t\tb()\n\t}\n}\n",
}, {
	name:    "before the communication of a select clause",
	before:  "func f() {\n\tselect {\n\tcase c <- v:\n\t}\n}\n",
	edit:    before("c <- v", "x()"),
	refused: "statement is part of another",
}, {
	name:    "before a clause",
	before:  "func f() {\n\tselect {\n\tcase c <- v:\n\t}\n}\n",
	edit:    before("case c", "x()"),
	refused: "statement is part of another",
}, {
	name:    "first of a select",
	before:  "func f() {\n\tselect {\n\tcase c <- v:\n\t}\n}\n",
	edit:    first[*ast.BlockStmt]("{ case", "x()"),
	refused: "not a list of statements",
}, {
	name:    "before the init of an if",
	before:  "func f() {\n\tif v := a(); v {\n\t}\n}\n",
	edit:    before("v := a()", "x()"),
	refused: "statement is part of another",
}, {
	name:   "before, one-line body",
	before: "func f() {\n\tgo func() { a(); b() }()\n}\n",
	edit:   before("b()", "x()"),
	after:  "func f() {\n\tgo func() {\n\t\ta()\n\t\tx()\n\t\tb()\n\t}()\n}\n",
}, {
	name:   "before the first, one-line body",
	before: "func f() {\n\tgo func() { a() }()\n}\n",
	edit:   before("a()", "x()\ny()"),
	after:  "func f() {\n\tgo func() {\n\t\tx()\n\t\ty()\n\t\ta()\n\t}()\n}\n",
}, {
	name:    "one-line body with a comment",
	before:  "func f() {\n\tgo func() { a() /* why */ }()\n}\n",
	edit:    before("a()", "x()"),
	refused: "comment in a body on one line",
}, {
	name:   "before and after, one-line body",
	before: "func f() { a() }\n",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.InsertBefore(find[*ast.ExprStmt](t, pass, "a()"), "x()")
		e.InsertAfter(find[*ast.ExprStmt](t, pass, "a()"), "y()")
	},
	after: "func f() {\n\tx()\n\ta()\n\ty()\n}\n",
}, {
	name:    "two bodies on one line",
	before:  "func f() { go func() { a() }() }\n",
	refused: "two bodies on one line",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.InsertBefore(find[*ast.ExprStmt](t, pass, "a()"), "x()")
		e.InsertBefore(find[*ast.GoStmt](t, pass, "go"), "y()")
	},
}, {
	name:    "before, not formatted",
	before:  "func f() {\n\ta(); b()\n}\n",
	edit:    before("b()", "x()"),
	refused: "statement shares its line",
}, {
	name:   "after",
	before: "func f() {\n\ta()\n}\n",
	edit:   after("a()", "x()"),
	after:  "func f() {\n\ta()\n\tx()\n}\n",
}, {
	name:   "after, with the comment of the line",
	before: "func f() {\n\ta() // of a\n\tb()\n}\n",
	edit:   after("a()", "x()"),
	after:  "func f() {\n\ta() // of a\n\tx()\n\tb()\n}\n",
}, {
	name:   "after several lines",
	before: "func f() {\n\tif a {\n\t\tb()\n\t}\n}\n",
	edit:   after("if a", "x()"),
	after:  "func f() {\n\tif a {\n\t\tb()\n\t}\n\tx()\n}\n",
}, {
	name:   "after a labelled statement",
	before: "func f() {\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n\tb()\n}\n",
	edit:   after("for {", "x()"),
	after:  "func f() {\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n\tx()\n\tb()\n}\n",
}, {
	name:   "after, one-line body",
	before: "func f() { a() }\n",
	edit:   after("a()", "x()"),
	after:  "func f() {\n\ta()\n\tx()\n}\n",
}, {
	name:   "after, CRLF",
	before: "func f() {\r\n\ta()\r\n}\r\n",
	edit:   after("a()", "x()\ny()"),
	after:  "func f() {\r\n\ta()\r\n\tx()\r\n\ty()\r\n}\r\n",
}, {
	name:   "first of a function",
	before: "func f() {\n\ta()\n}\n",
	edit:   first[*ast.BlockStmt]("{", "defer x()"),
	after:  "func f() {\n\tdefer x()\n\ta()\n}\n",
}, {
	name:   "first, above a comment and behind one",
	before: "func f() { // of f\n\t// of a\n\ta()\n}\n",
	edit:   first[*ast.BlockStmt]("{", "defer x()"),
	after:  "func f() { // of f\n\tdefer x()\n\t// of a\n\ta()\n}\n",
}, {
	name:   "first of an empty body",
	before: "func f() {}\n",
	edit:   first[*ast.BlockStmt]("{", "x()"),
	after:  "func f() {\n\tx()\n}\n",
}, {
	name:   "first of a body with a comment",
	before: "func f() {\n\t// nothing\n}\n",
	edit:   first[*ast.BlockStmt]("{", "x()"),
	after:  "func f() {\n\tx()\n\t// nothing\n}\n",
}, {
	name:   "first of a one-line body in a call",
	before: "func f() {\n\tg.Go(1,\n\t\tfunc() error { return a() })\n}\n",
	edit:   first[*ast.BlockStmt]("{ return", "defer x()"),
	after:  "func f() {\n\tg.Go(1,\n\t\tfunc() error {\n\t\t\tdefer x()\n\t\t\treturn a()\n\t\t})\n}\n",
}, {
	name:   "first, condition of several lines",
	before: "func f() {\n\tif a &&\n\t\tb {\n\t\tc()\n\t}\n}\n",
	edit:   first[*ast.BlockStmt]("{ c()", "x()"),
	after:  "func f() {\n\tif a &&\n\t\tb {\n\t\tx()\n\t\tc()\n\t}\n}\n",
}, {
	name:   "first of an empty clause",
	before: "func f() {\n\tselect {\n\tcase <-c: // done\n\t}\n}\n",
	edit:   first[*ast.CommClause]("case", "return"),
	after:  "func f() {\n\tselect {\n\tcase <-c: // done\n\t\treturn\n\t}\n}\n",
}, {
	name:   "first of a case",
	before: "func f() {\n\tswitch a {\n\tcase 1,\n\t\t2:\n\t\tb()\n\t}\n}\n",
	edit:   first[*ast.CaseClause]("case", "x()"),
	after:  "func f() {\n\tswitch a {\n\tcase 1,\n\t\t2:\n\t\tx()\n\t\tb()\n\t}\n}\n",
}, {
	name:   "first, with a label",
	before: "func f() {\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
	edit:   first[*ast.BlockStmt]("{ loop", "x()"),
	after:  "func f() {\n\tx()\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
}, {
	name:   "replace an expression and insert text",
	before: "func f() {\n\tc := make(chan int)\n\td := g(c)\n}\n",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.Insert(find[*ast.CallExpr](t, pass, "make").Rparen, ", 1")
		e.Replace(find[*ast.CallExpr](t, pass, "g(c)"), "h("+e.Text(find[*ast.CallExpr](t, pass, "g(c)"))+")")
	},
	after: "func f() {\n\tc := make(chan int, 1)\n\td := h(g(c))\n}\n",
}}

var deleteTests = []editTest{{
	name:   "delete",
	before: "func f() {\n\ta()\n\tb()\n}\n",
	edit:   remove("a()"),
	after:  "func f() {\n\tb()\n}\n",
}, {
	name:   "delete several lines",
	before: "func f() {\n\tif a {\n\t\tb()\n\t}\n\tc()\n}\n",
	edit:   remove("if a"),
	after:  "func f() {\n\tc()\n}\n",
}, {
	name:   "delete between blank lines",
	before: "func f() {\n\ta()\n\n\tb()\n\n\tc()\n}\n",
	edit:   remove("b()"),
	after:  "func f() {\n\ta()\n\n\tc()\n}\n",
}, {
	name:   "delete the first with its blank line",
	before: "func f() {\n\ta()\n\n\tb()\n}\n",
	edit:   remove("a()"),
	after:  "func f() {\n\tb()\n}\n",
}, {
	name:   "delete the last with its blank line",
	before: "func f() {\n\ta()\n\n\tb()\n}\n",
	edit:   remove("b()"),
	after:  "func f() {\n\ta()\n}\n",
}, {
	name:   "delete the last of a clause",
	before: "func f() {\n\tselect {\n\tcase <-a:\n\t\tb()\n\n\t\tc()\n\tcase <-d:\n\t}\n}\n",
	edit:   remove("c()"),
	after:  "func f() {\n\tselect {\n\tcase <-a:\n\t\tb()\n\tcase <-d:\n\t}\n}\n",
}, {
	name:    "delete with a comment behind",
	before:  "func f() {\n\ta() // why\n\tb()\n}\n",
	edit:    remove("a()"),
	refused: "comment lost",
}, {
	name:    "delete with a comment inside",
	before:  "func f() {\n\tif a {\n\t\t// why\n\t}\n\tb()\n}\n",
	edit:    remove("if a"),
	refused: "comment lost",
}, {
	name:   "delete below a comment",
	before: "func f() {\n\t// stays\n\ta()\n\tb()\n}\n",
	edit:   remove("a()"),
	after:  "func f() {\n\t// stays\n\tb()\n}\n",
}, {
	name:    "delete a labelled statement",
	before:  "func f() {\nloop:\n\tfor {\n\t\tbreak loop\n\t}\n}\n",
	edit:    remove("for {"),
	refused: "statement is labelled",
}, {
	name:   "delete the only one of a line",
	before: "func f() {\n\tgo func() { a() }()\n}\n",
	edit:   remove("a()"),
	after:  "func f() {\n\tgo func() {}()\n}\n",
}, {
	name:   "delete the first of a line",
	before: "func f() { a(); b() }\n",
	edit:   remove("a()"),
	after:  "func f() { b() }\n",
}, {
	name:   "delete the last of a line",
	before: "func f() { a(); b() }\n",
	edit:   remove("b()"),
	after:  "func f() { a() }\n",
}, {
	name:   "delete, CRLF",
	before: "func f() {\r\n\ta()\r\n\r\n\tb()\r\n\r\n\tc()\r\n}\r\n",
	edit:   remove("b()"),
	after:  "func f() {\r\n\ta()\r\n\r\n\tc()\r\n}\r\n",
}, {
	name:   "move out of a goroutine",
	before: "func f() {\n\tgo func() {\n\t\twg.Add(1) // one\n\t\tdefer wg.Done()\n\t}()\n}\n",
	edit:   moveBefore("wg.Add", "go func"),
	after:  "func f() {\n\twg.Add(1) // one\n\tgo func() {\n\t\tdefer wg.Done()\n\t}()\n}\n",
}, {
	name:   "move with its comment",
	before: "func f() {\n\ta()\n\n\t// of b,\n\t// of b\n\tb()\n}\n",
	edit:   moveBefore("b()", "a()"),
	after:  "func f() {\n\t// of b,\n\t// of b\n\tb()\n\ta()\n}\n",
}, {
	name:   "move out of one line",
	before: "func f() {\n\tgo func() { wg.Add(1); a() }()\n}\n",
	edit:   moveBefore("wg.Add", "go func"),
	after:  "func f() {\n\twg.Add(1)\n\tgo func() { a() }()\n}\n",
}, {
	name:   "move behind, several lines",
	before: "func f() {\n\tif a {\n\t\tgo func() {\n\t\t\tb()\n\t\t}()\n\t}\n\tc()\n}\n",
	edit:   moveAfter("go func", "c()"),
	after:  "func f() {\n\tif a {\n\t}\n\tc()\n\tgo func() {\n\t\tb()\n\t}()\n}\n",
}, {
	name:    "move a long string",
	before:  "func f() {\n\tif a {\n\t\tb(`x\n\t\ty`)\n\t}\n}\n",
	edit:    moveBefore("b(", "if a"),
	refused: "statement has a text of several lines",
}, {
	name:    "move into itself",
	before:  "func f() {\n\tif a {\n\t\tb()\n\t}\n}\n",
	edit:    moveBefore("if a", "b()"),
	refused: "edits overlap",
}, {
	name:   "move, CRLF",
	before: "func f() {\r\n\ta()\r\n\tif b {\r\n\t\tgo c(\r\n\t\t\td)\r\n\t}\r\n}\r\n",
	edit:   moveBefore("go c", "a()"),
	after:  "func f() {\r\n\tgo c(\r\n\t\td)\r\n\ta()\r\n\tif b {\r\n\t}\r\n}\r\n",
}}

var nameTests = []editTest{{
	name:   "rename",
	before: "func f(ctx int) {\n\ta(ctx)\n\tgo func() {\n\t\tb(ctx)\n\t}()\n}\n\nfunc g(ctx int) { c(ctx) }\n",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		param := find[*ast.Field](t, pass, "ctx int").Names[0]
		e.Rename(find[*ast.GoStmt](t, pass, "go"), pass.TypesInfo.Defs[param], "gctx")
	},
	after: "func f(ctx int) {\n\ta(ctx)\n\tgo func() {\n\t\tb(gctx)\n\t}()\n}\n\nfunc g(ctx int) { c(ctx) }\n",
}, {
	name:   "rename with the declaration",
	before: "func f() {\n\tx := 1\n\tfor x := range x {\n\t\t_ = x\n\t}\n}\n",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		x := find[*ast.AssignStmt](t, pass, "x := 1").Lhs[0].(*ast.Ident)
		e.Rename(find[*ast.FuncDecl](t, pass, "func f"), pass.TypesInfo.Defs[x], "y")
	},
	after: "func f() {\n\ty := 1\n\tfor x := range y {\n\t\t_ = x\n\t}\n}\n",
}, {
	name:    "rename to a name in use",
	before:  "func f(x int) {\n\tvar y int\n\ta(x, y)\n}\n",
	refused: "name y is taken",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		param := find[*ast.Field](t, pass, "x int").Names[0]
		e.Rename(find[*ast.FuncDecl](t, pass, "func f"), pass.TypesInfo.Defs[param], "y")
	},
}, {
	name:   "fresh names",
	before: "func gctx() {}\n\nfunc f(ctx2 int) {\n\ta(ctx2, gctx3)\n}\n",
	edit: func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		f := find[*ast.FuncDecl](t, pass, "func f")
		e.InsertFirst(f.Body, e.FreshName(f.Body, "gctx")+", "+e.FreshName(f.Body, "ctx2")+", "+
			e.FreshName(f.Body, "sem")+" := 1, 2, 3")
	},
	after: "func gctx() {}\n\nfunc f(ctx2 int) {\n\tgctx2, ctx22, sem := 1, 2, 3\n\ta(ctx2, gctx3)\n}\n",
}}

func TestEditor(t *testing.T) {
	for _, tests := range [][]editTest{insertTests, encloseTests, deleteTests, nameTests} {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				test.before = "package p\n\n" + test.before
				if test.refused == "" {
					test.after = "package p\n\n" + test.after
				}
				if strings.Contains(test.before, "\r\n") {
					test.before = "package p\r\n\r\n" + strings.TrimPrefix(test.before, "package p\n\n")
					test.after = "package p\r\n\r\n" + strings.TrimPrefix(test.after, "package p\n\n")
				}
				test.run(t)
			})
		}
	}
}

func (test editTest) run(t *testing.T) {
	t.Helper()
	pass := newPass(t, test.before)
	e := report.NewEditor(pass, pass.Files[0].Package)
	test.edit(t, pass, e)
	fix, why := report.SuggestedFix(pass, *e.Fix("Fix it"))
	if why != test.refused {
		t.Fatalf("fix refused: %q, want %q", why, test.refused)
	}
	if why != "" {
		return
	}
	if got := apply(pass, fix); got != test.after {
		t.Errorf("got\n%s\nwant\n%s", got, test.after)
	}
}

func TestEditorOutside(t *testing.T) {
	pass := newPass(t, "package p\n\nfunc f() {\n\ta()\n}\n", "package p\n\nfunc g() {\n\tb()\n}\n")
	inB := pass.Files[1].Decls[0].(*ast.FuncDecl).Body
	for name, edit := range map[string]func(*report.Editor){
		"replace":       func(e *report.Editor) { e.Replace(inB, "{}") },
		"insert":        func(e *report.Editor) { e.Insert(inB.Pos(), "x") },
		"insert before": func(e *report.Editor) { e.InsertBefore(inB.List[0], "x()") },
		"insert first":  func(e *report.Editor) { e.InsertFirst(inB, "x()") },
		"no list":       func(e *report.Editor) { e.InsertFirst(pass.Files[0].Name, "x()") },
		"delete":        func(e *report.Editor) { e.Delete(inB.List[0]) },
		"nil":           func(e *report.Editor) { e.Delete(nil) },
		"nil block":     func(e *report.Editor) { e.InsertFirst((*ast.BlockStmt)(nil), "x()") },
		"synthesized":   func(e *report.Editor) { e.Replace(ast.NewIdent("x"), "y") },
		"unknown":       func(e *report.Editor) { e.Rename(pass.Files[0].Decls[0], nil, "y") },
	} {
		t.Run(name, func(t *testing.T) {
			e := report.NewEditor(pass, pass.Files[0].Package)
			edit(e)
			if e.Refused() == "" {
				t.Error("not refused")
			}
		})
	}
	if e := report.NewEditor(pass, 0); e.Refused() == "" || e.Import("sync", 0) != "" {
		t.Error("editor without file works")
	}
}
