package report_test

import (
	"go/ast"
	"go/build"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/report"
)

// TestEditorOnRealCode makes each edit at each statement of real code. An edit
// may be refused, but must not turn formatted code into something that does
// not parse, or that gofmt would change.
func TestEditorOnRealCode(t *testing.T) {
	if testing.Short() {
		t.Skip("edits thousands of statements: skipped with -short")
	}
	const inserted = "defer func() {\n\tinserted()\n}()"
	edits := map[string]func(e *report.Editor, stmt ast.Stmt){
		"insert before": func(e *report.Editor, stmt ast.Stmt) { e.InsertBefore(stmt, inserted) },
		"insert after":  func(e *report.Editor, stmt ast.Stmt) { e.InsertAfter(stmt, inserted) },
		"insert first":  func(e *report.Editor, stmt ast.Stmt) { e.InsertFirst(stmt, inserted) },
		"delete":        func(e *report.Editor, stmt ast.Stmt) { e.Delete(stmt) },
	}
	offered := make(map[string]int)
	refused := make(map[string]map[string]int)
	for name := range edits {
		refused[name] = make(map[string]int)
	}
	for _, name := range []string{"sync/mutex.go", "net/pipe.go", "io/pipe.go", "net/http/transport.go", "context/context.go", "go/printer/nodes.go"} {
		src, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src", filepath.FromSlash(name)))
		if err != nil {
			t.Skip(err)
		}
		if formatted, err := format.Source(src); err != nil || string(formatted) != string(src) {
			t.Logf("%s is not formatted", name)
			continue
		}
		pass := newPass(t, string(src))
		every := 1 + len(src)/2000 // each judgement formats the whole file
		n := 0
		ast.Inspect(pass.Files[0], func(node ast.Node) bool {
			stmt, ok := node.(ast.Stmt)
			if n++; !ok || n%every != 0 {
				return true
			}
			for what, edit := range edits {
				e := report.NewEditor(pass, stmt.Pos())
				edit(e, stmt)
				if e.Refused() != "" {
					continue
				}
				_, why := report.SuggestedFix(pass, *e.Fix("Fix it"))
				if why == "" {
					offered[what]++
					continue
				}
				refused[what][why]++
				if !strings.Contains(why, "comment lost") && testing.Verbose() {
					t.Logf("%s: %s: %s", pass.Fset.Position(stmt.Pos()), what, why)
				}
			}
			return true
		})
	}
	for what := range edits {
		bad := refused[what]["result does not parse"] + refused[what]["result not gofmt-clean"]
		t.Logf("%s: %d offered, refused late: %v", what, offered[what], refused[what])
		if bad*20 > offered[what] {
			t.Errorf("%s: %d of %d edits come out badly: %v", what, bad, offered[what], refused[what])
		}
	}
}
