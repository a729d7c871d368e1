package report_test

import (
	"go/ast"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/report"
)

// addImport imports a package for a use in the last function of the file and
// inserts that use.
func addImport(path string) func(*testing.T, *analysis.Pass, *report.Editor) {
	return func(t *testing.T, pass *analysis.Pass, e *report.Editor) {
		decls := pass.Files[0].Decls
		body := decls[len(decls)-1].(*ast.FuncDecl).Body
		e.InsertFirst(body, e.Import(path, body.Pos()+1)+"Use()")
		e.Import(path, body.Pos()+1) // once more changes nothing
	}
}

const (
	body = "\n\nfunc f() {\n}\n"
	used = "\n\nfunc f() {\n\tsync.Use()\n}\n"
)

var importTests = []editTest{{
	name:   "no imports",
	before: "package p // p" + body,
	edit:   addImport("sync"),
	after:  "package p // p\n\nimport \"sync\"" + used,
}, {
	name:   "no imports, CRLF",
	before: "package p\r\n\r\nfunc f() {\r\n}\r\n",
	edit:   addImport("sync"),
	after:  "package p\r\n\r\nimport \"sync\"\r\n\r\nfunc f() {\r\n\tsync.Use()\r\n}\r\n",
}, {
	name:   "there already",
	before: "package p\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)" + used,
}, {
	name:   "there already, renamed",
	before: "package p\n\nimport s \"sync\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport s \"sync\"\n\nfunc f() {\n\ts.Use()\n}\n",
}, {
	name:   "there already, with a dot",
	before: "package p\n\nimport . \"sync\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport . \"sync\"\n\nfunc f() {\n\tUse()\n}\n",
}, {
	name:   "there, but blank",
	before: "package p\n\nimport _ \"sync\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t_ \"sync\"\n\t\"sync\"\n)" + used,
}, {
	name:    "there, but shadowed",
	before:  "package p\n\nimport \"sync\"\n\nfunc f(sync int) {\n}\n",
	edit:    addImport("sync"),
	refused: "name sync is taken",
}, {
	name:    "name taken in the package",
	before:  "package p\n\nvar sync int" + body,
	edit:    addImport("sync"),
	refused: "name sync is taken",
}, {
	name:    "name taken by an import",
	before:  "package p\n\nimport sync \"context\"" + body,
	edit:    addImport("sync"),
	refused: "name sync is taken",
}, {
	name:   "single, before",
	before: "package p\n\nimport \"time\" // now" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"sync\"\n\t\"time\" // now\n)" + used,
}, {
	name:   "single, after",
	before: "package p\n\nimport \"fmt\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)" + used,
}, {
	name:   "single, third party",
	before: "package p\n\nimport \"example.com/a\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"sync\"\n\n\t\"example.com/a\"\n)" + used,
}, {
	name:   "single, third party added",
	before: "package p\n\nimport \"fmt\"" + body,
	edit:   addImport("golang.org/x/sync"),
	after:  "package p\n\nimport (\n\t\"fmt\"\n\n\t\"golang.org/x/sync\"\n)" + used,
}, {
	name:   "several declarations",
	before: "package p\n\nimport \"context\"\nimport \"time\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport \"context\"\nimport \"time\"\nimport \"sync\"" + used,
}, {
	name:   "beside C",
	before: "package p\n\n// int x;\nimport \"C\"\n\nimport \"fmt\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\n// int x;\nimport \"C\"\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)" + used,
}, {
	name:   "only C",
	before: "package p\n\n// int x;\nimport \"C\"" + body,
	edit:   addImport("sync"),
	after:  "package p\n\n// int x;\nimport \"C\"\n\nimport \"sync\"" + used,
}, {
	name:   "block, in the middle",
	before: "package p\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n\t\"time\"\n)" + used,
}, {
	name:   "block, first, below a comment",
	before: "package p\n\nimport (\n\t// now\n\t\"time\"\n\n\t\"example.com/a\"\n)" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"sync\"\n\t// now\n\t\"time\"\n\n\t\"example.com/a\"\n)" + used,
}, {
	name:   "block, last",
	before: "package p\n\nimport (\n\t\"fmt\" // print\n\n\t\"example.com/a\"\n)" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"fmt\" // print\n\t\"sync\"\n\n\t\"example.com/a\"\n)" + used,
}, {
	name:   "block, new group for the standard library",
	before: "package p\n\nimport (\n\t\"example.com/a\"\n)" + body,
	edit:   addImport("sync"),
	after:  "package p\n\nimport (\n\t\"sync\"\n\n\t\"example.com/a\"\n)" + used,
}, {
	name:   "block, new group for third parties",
	before: "package p\n\nimport (\n\t\"fmt\"\n)" + body,
	edit:   addImport("golang.org/x/sync"),
	after:  "package p\n\nimport (\n\t\"fmt\"\n\n\t\"golang.org/x/sync\"\n)" + used,
}, {
	name:    "empty block",
	before:  "package p\n\nimport ()" + body,
	edit:    addImport("sync"),
	refused: "import block is empty",
}}

func TestImport(t *testing.T) {
	for _, test := range importTests {
		t.Run(test.name, test.run)
	}
}
