package driver_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver"
	"github.com/concurlint/concurlint/internal/driver/adopt"
	"github.com/concurlint/concurlint/internal/driver/drivertest"
	"github.com/concurlint/concurlint/internal/trace"
)

// TestMain lets the test binary act as toylint, a program around a toy
// analyzer, so that the scripts do not depend on what the real checks find.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"toylint": toylint, "crashlint": crashlint, "crashvet": crashvet})
}

// TestScript runs the scripts in testdata/script/driver at the top of the
// module.
func TestScript(t *testing.T) {
	goEnv, err := drivertest.Env()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script/driver",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, goEnv...)
			for _, name := range []string{"toylint", "crashlint", "crashvet"} {
				tool, err := exec.LookPath(name)
				if err != nil {
					return err
				}
				e.Vars = append(e.Vars, strings.ToUpper(name)+"="+tool)
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"awaitfile":  awaitFile,
			"awaitstill": awaitStill,
		},
		RequireUniqueNames: true,
	})
}

// awaitFile waits until a file exists: awaitfile FILE.
func awaitFile(ts *testscript.TestScript, _ bool, args []string) {
	for range 3000 {
		if data, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && len(data) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s does not appear", args[0])
}

// awaitStill waits until a file does not grow any more: awaitstill FILE.
func awaitStill(ts *testscript.TestScript, _ bool, args []string) {
	for range 30 {
		before := ts.ReadFile(args[0])
		time.Sleep(200 * time.Millisecond)
		if ts.ReadFile(args[0]) == before {
			return
		}
	}
	ts.Fatalf("%s goes on growing", args[0])
}

// toylint is the program under test with analyzers of its own.
func toylint() {
	p := &driver.Program{
		Name:      "toylint",
		About:     "finds bugs",
		URL:       "https://example.com/toylint",
		Analyzers: []*analysis.Analyzer{bug, clash, shared},
		Patterns: func() []driver.Pattern {
			return []driver.Pattern{
				toyPattern("pool", "a pool"),
				toyPattern("semaphore", "a semaphore", "golang.org/x/sync"),
			}
		},
		Guides: []driver.Guide{{
			Name: "repairs", Summary: "what to do instead", Text: guideText,
			URL: "https://example.com/repairs",
			For: func(a *analysis.Analyzer) bool { return a == bug },
		}},
	}
	p.Main()
}

const guideText = `# Repairs

Call ok, not [bug](#bug).

| call | instead of | because |
|---|:--|---|
| [ok](#ok) | bug | bug is a bug |
| fine | [clash](#clash) | |

    | text | as it is |
`

// toyPattern returns a pattern whose file needs Go 1.21, and its test Go 1.22.
func toyPattern(name, summary string, needs ...string) driver.Pattern {
	return driver.Pattern{
		Pattern: adopt.Pattern{
			Name: name, Path: "example.com/toylint/" + name,
			Source: []byte("package " + name + "\n"),
			Test: []byte(`package ` + name + `_test

import (
	"testing"

	"example.com/another"
	_ "example.com/toylint/` + name + `"
)

func Test(*testing.T) {}
`),
			Needs: needs, Go: "1.21", TestGo: "1.22",
		},
		Summary: summary,
	}
}

// bug reports calls of functions named bug. Its flag -bug.log names a file to
// which it adds a line per analysed package. Some names in a package make it
// misbehave: see misbehave.
var bug = &analysis.Analyzer{
	Name: "bug",
	Doc: `bug: report calls of bug

A call of bug is a bug, as in:

	bug()

# Repair

Call ok.`,
	URL: "https://example.com/bug",
	Run: runBug,
}

var bugLog string

func init() {
	bug.Flags.StringVar(&bugLog, "log", "", "append the path of each package to `file`")
}

func runBug(pass *analysis.Pass) (any, error) {
	if bugLog != "" {
		f, err := os.OpenFile(bugLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		fmt.Fprintln(f, pass.Pkg.Path())
	}
	if err := misbehave(pass); err != nil {
		return nil, err
	}
	eachCall(pass, "bug", func(fun *ast.Ident, decl *ast.FuncDecl) {
		related := []analysis.RelatedInformation{{Pos: decl.Name.Pos(), Message: "in this function"}}
		if traceOutput {
			related = append(related, toyTrace(fun, decl)...)
		}
		pass.Report(analysis.Diagnostic{
			Pos: fun.Pos(), End: fun.End(),
			Category: "bug",
			Message:  "bug is called (bug; see patterns/none)",
			Related:  related,
			SuggestedFixes: []analysis.SuggestedFix{{
				Message:   "Call ok",
				TextEdits: []analysis.TextEdit{{Pos: fun.Pos(), End: fun.End(), NewText: []byte("ok")}},
			}},
		})
	})
	return nil, nil
}

// toyTrace is a run in which a goroutine is stuck in bug.
func toyTrace(fun *ast.Ident, decl *ast.FuncDecl) []analysis.RelatedInformation {
	var list []analysis.RelatedInformation
	add := func(pos token.Pos, s trace.Step) {
		list = append(list, analysis.RelatedInformation{Pos: pos, Message: trace.Encode(s)})
	}
	add(decl.Pos(), trace.Step{Kind: trace.Lane, Text: decl.Name.Name})
	add(decl.Pos(), trace.Step{Kind: trace.Lane, Goroutine: 1, Text: "helper"})
	add(decl.Pos(), trace.Step{Kind: trace.Start, To: 1, Text: "go helper"})
	add(decl.Pos(), trace.Step{Kind: trace.Pass, Goroutine: 1, Text: "send on <b>&"})
	add(decl.Pos(), trace.Step{Kind: trace.Return, Goroutine: 1, Text: "returns"})
	add(fun.Pos(), trace.Step{Kind: trace.Stuck, Text: "bug", Here: true})
	return list
}

// misbehave does what the names in the package ask for: it fails, panics, or
// hangs for a minute, during which the file "alive" of the package grows.
func misbehave(pass *analysis.Pass) error {
	scope := pass.Pkg.Scope()
	switch {
	case scope.Lookup("makeAnalyzerFail") != nil:
		return fmt.Errorf("told to fail")
	case scope.Lookup("makeAnalyzerPanic") != nil:
		panic("told to panic")
	case scope.Lookup("makeAnalyzerHang") != nil:
		return hang("alive")
	}
	return nil
}

// hang writes to a file for a minute.
func hang(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for range 6000 {
		if _, err := f.WriteString("."); err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// clash reports calls of functions named clash, each twice with fixes that
// cannot both be applied.
var clash = &analysis.Analyzer{
	Name: "clash",
	Doc:  "clash: report calls of clash",
	Run: func(pass *analysis.Pass) (any, error) {
		eachCall(pass, "clash", func(fun *ast.Ident, _ *ast.FuncDecl) {
			for _, name := range []string{"ok", "fine"} {
				pass.Report(analysis.Diagnostic{
					Pos: fun.Pos(), Message: "call " + name + " (clash)",
					SuggestedFixes: []analysis.SuggestedFix{{
						Message:   "Call " + name,
						TextEdits: []analysis.TextEdit{{Pos: fun.Pos(), End: fun.End(), NewText: []byte(name)}},
					}},
				})
			}
		})
		return nil, nil
	},
}

// shared owns the flags that concern all analyzers of toylint, and reports
// packages named misnamed.
var shared = &analysis.Analyzer{
	Name: "toylint",
	Doc:  "toylint: report packages named misnamed",
	Run: func(pass *analysis.Pass) (any, error) {
		clause := pass.Files[0].Name.Pos()
		if pass.Pkg.Name() == "misnamed" {
			pass.Report(analysis.Diagnostic{Pos: clause, Message: "the package is misnamed (toylint)"})
		}
		if debugOutput {
			pass.Report(analysis.Diagnostic{Pos: clause, Category: driver.DebugCategory, Message: "toylint debug: bug: gave up in " + pass.Pkg.Name() + " ×3, clash: tired ×1"})
		}
		return nil, nil
	},
}

var debugOutput, traceOutput bool

func init() {
	shared.Flags.BoolVar(&traceOutput, "trace", false, "internal: attach traces")
	shared.Flags.BoolVar(&debugOutput, "debug", false, "tell what the analysis gave up on")
}

// eachCall calls f for each call of a function of that name.
func eachCall(pass *analysis.Pass, name string, f func(fun *ast.Ident, decl *ast.FuncDecl)) {
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if fun, ok := call.Fun.(*ast.Ident); ok && fun.Name == name {
						f(fun, decl)
					}
				}
				return true
			})
		}
	}
}
