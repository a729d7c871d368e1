package report_test

import (
	"go/ast"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/report"
)

func enclose(stmt string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.Enclose(find[ast.Stmt](t, pass, stmt), "select {\ncase ", ":", "case <-done:\n\treturn\n}")
	}
}

func moveAs(stmt, where, text string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		e.MoveBeforeAs(find[ast.Stmt](t, pass, stmt), find[ast.Stmt](t, pass, where), text)
	}
}

var encloseTests = []editTest{{
	name:   "moved as another",
	before: "func f() {\n\tif x {\n\t\ta()\n\t}\n\t// not b()\n\tb() // of b()\n}\n",
	edit:   moveAs("b()", "a()", "c()"),
	after:  "func f() {\n\tif x {\n\t\t// not b()\n\t\tc() // of b()\n\t\ta()\n\t}\n}\n",
}, {
	name:    "moved as another, of several lines",
	before:  "func f() {\n\ta()\n\tb(\n\t\t1,\n\t)\n}\n",
	edit:    moveAs("b(", "a()", "c()"),
	refused: "statement of several lines",
}, {
	name:   "a line",
	before: "func f() {\n\ta()\n\tc <- 1\n\tb()\n}\n",
	edit:   enclose("c <- 1"),
	after:  "func f() {\n\ta()\n\tselect {\n\tcase c <- 1:\n\tcase <-done:\n\t\treturn\n\t}\n\tb()\n}\n",
}, {
	name:   "comments and several lines",
	before: "func f() {\n\tfor {\n\t\t// why\n\t\tc <- T{\n\t\t\tA: 1,\n\t\t} // of c\n\t}\n}\n",
	edit:   enclose("c <- T{"),
	after:  "func f() {\n\tfor {\n\t\t// why\n\t\tselect {\n\t\tcase c <- T{\n\t\t\tA: 1,\n\t\t}: // of c\n\t\tcase <-done:\n\t\t\treturn\n\t\t}\n\t}\n}\n",
}, {
	name:   "a body of one line",
	before: "func f() {\n\tgo func() { c <- 1 }()\n}\n",
	edit:   enclose("c <- 1"),
	after:  "func f() {\n\tgo func() {\n\t\tselect {\n\t\tcase c <- 1:\n\t\tcase <-done:\n\t\t\treturn\n\t\t}\n\t}()\n}\n",
}, {
	name:    "a label",
	before:  "func f() {\nagain:\n\tc <- 1\n\tgoto again\n}\n",
	edit:    enclose("c <- 1"),
	refused: "statement is labelled",
}, {
	name:    "a case of a select",
	before:  "func f() {\n\tselect {\n\tcase c <- 1:\n\t}\n}\n",
	edit:    enclose("c <- 1"),
	refused: "statement is part of another",
}, {
	name:    "not alone on its line",
	before:  "func f() {\n\ta(); c <- 1\n}\n",
	edit:    enclose("c <- 1"),
	refused: "statement shares its line",
}}
