package lsp_test

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/internal/driver/lsp"
	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
	"github.com/concurlint/concurlint/internal/driver/lsptest"
	"github.com/concurlint/concurlint/internal/driver/unit"
)

// TestMain lets the test binary act as the tool that go vet runs, so that the
// tests need no program besides and do not depend on what the real checks find.
func TestMain(m *testing.M) {
	if unit.Invoked(os.Args[1:]) {
		unit.Main("toylint", []*analysis.Analyzer{toy, other})
	}
	os.Exit(m.Run())
}

// toy reports calls of names that start with bug, with a fix that makes it ok. Its
// flag -toy.log names a file to which it adds a line per analysed package. A call
// of hang makes it hang.
var toy = newToy("toy", "bug", "https://example.com/toy")

// other reports names that start with odd.
var other = newToy("other", "odd", "")

func newToy(name, prefix, url string) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name: name, URL: url,
		Doc: name + ": report names that start with " + prefix + "\n\nThey are wrong:\n\n\t" + prefix + "()\n",
	}
	log := a.Flags.String("log", "", "file to write to")
	loud := a.Flags.Bool("loud", false, "add an exclamation mark")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if *log != "" {
			f, err := os.OpenFile(*log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
			if err != nil {
				return nil, err
			}
			fmt.Fprintln(f, pass.Pkg.Path())
			f.Close()
		}
		for _, file := range pass.Files {
			for call := range ast.Preorder(file) {
				call, ok := call.(*ast.CallExpr)
				if !ok {
					continue
				}
				id, ok := call.Fun.(*ast.Ident)
				if ok && id.Name == "hang" {
					time.Sleep(time.Hour)
				}
				if !ok || !strings.HasPrefix(id.Name, prefix) {
					continue
				}
				message := id.Name + " is called"
				if *loud {
					message += "!"
				}
				pass.Report(analysis.Diagnostic{
					Pos: id.Pos(), End: id.End(), Category: name, Message: message,
					Related: []analysis.RelatedInformation{{Pos: file.Name.Pos(), End: file.Name.End(), Message: "in this package"}},
					SuggestedFixes: []analysis.SuggestedFix{{
						Message:   "Call ok",
						TextEdits: []analysis.TextEdit{{Pos: id.Pos(), End: id.End(), NewText: []byte("ok")}},
					}},
				})
			}
		}
		return nil, nil
	}
	return a
}

// serve starts a server in this process and returns an editor that talks to it,
// and a function that waits for the server's end.
func serve(t *testing.T, change func(*lsp.Config)) (e *lsptest.Editor, log *safeBuffer, wait func() error) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs go vet")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log = new(safeBuffer)
	cfg := lsp.Config{
		Name: "toylint", Version: "v1.2.3", Tool: exe,
		Analyzers: []*analysis.Analyzer{toy, other},
		Page: func(a *analysis.Analyzer, markdown bool) string {
			return fmt.Sprintf("page of %s, Markdown: %t", a.Name, markdown)
		},
		Log: log,
	}
	if change != nil {
		change(&cfg)
	}
	ours, theirs := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- lsp.Serve(context.Background(), theirs, cfg) }()
	t.Cleanup(func() { ours.Close() })
	return lsptest.Connect(t, ours), log, func() error { return <-ended }
}

// A safeBuffer can be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// module writes the files of an archive to a new folder.
func module(t *testing.T, archive string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const twoPackages = `
-- go.mod --
module example.com/m

go 1.26
-- a/a.go --
package a

func ok()  {}
func bug() {}

func F() { /* 😀 */ bug(); ok() }
-- b/b.go --
package b

func odd() {}

func G() { odd() }
`

// TestFixes follows a finding from the file to its repair.
func TestFixes(t *testing.T) {
	e, _, wait := serve(t, nil)
	dir := module(t, twoPackages)
	a := filepath.Join(dir, "a", "a.go")
	info := e.Initialize(lsptest.Capabilities(), "", dir)
	if info != (protocol.ServerInfo{Name: "toylint", Version: "v1.2.3"}) {
		t.Errorf("server info: %+v", info)
	}
	e.Open(a)
	d := e.AwaitCodes(a, "toy")[0]
	// The face is four bytes and two units.
	want := protocol.Range{Start: protocol.Position{Line: 5, Character: 20}, End: protocol.Position{Line: 5, Character: 23}}
	if d.Range != want {
		t.Errorf("range: got %v, want %v", d.Range, want)
	}
	if d.Source != "toylint" || d.Severity != protocol.SeverityWarning {
		t.Errorf("source %q, severity %v", d.Source, d.Severity)
	}
	if d.CodeDescription == nil || d.CodeDescription.Href != "https://example.com/toy" {
		t.Errorf("link: %v", d.CodeDescription)
	}
	if len(d.RelatedInformation) != 1 || d.RelatedInformation[0].Location.URI.FsPath() != a ||
		d.RelatedInformation[0].Location.Range.Start != (protocol.Position{Line: 0, Character: 8}) {
		t.Errorf("related: %+v", d.RelatedInformation)
	}

	actions := e.Actions(a, d.Range, d)
	if len(actions) != 1 || actions[0].Title != "Call ok" || actions[0].Kind != protocol.QuickFix || !actions[0].IsPreferred {
		t.Fatalf("actions: %+v", actions)
	}
	if elsewhere := e.Actions(a, protocol.Range{}); len(elsewhere) > 0 {
		t.Errorf("actions where nothing is found: %+v", elsewhere)
	}
	// Any change makes what is known of the text worthless; its repair as well.
	before := e.Text(a)
	e.Change(a, "// more\n"+before)
	if stale := e.Actions(a, d.Range, d); len(stale) > 0 {
		t.Errorf("actions for another text: %+v", stale)
	}
	if hover := e.Hover(a, d.Range.Start); hover != nil {
		t.Errorf("hover for another text: %+v", hover)
	}
	e.Change(a, before)
	actions = e.Actions(a, d.Range, d)
	if len(actions) != 1 {
		t.Fatalf("after the change was undone: %d actions", len(actions))
	}
	e.Apply(actions[0].Edit)
	if text := e.Text(a); !strings.Contains(text, "/* 😀 */ ok(); ok() }") {
		t.Errorf("after the fix:\n%s", text)
	}
	e.Save(a)
	e.AwaitCodes(a)
	e.Shutdown()
	if err := wait(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestSimpleClient has a client that understands nothing but the essentials.
func TestSimpleClient(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, twoPackages)
	a := filepath.Join(dir, "a", "a.go")
	e.Initialize(protocol.ClientCapabilities{}, "", dir)
	e.Open(a)
	d := e.AwaitCodes(a, "toy")[0]
	if d.CodeDescription != nil || len(d.RelatedInformation) > 0 {
		t.Errorf("diagnostic with what was not asked for: %+v", d)
	}
	if actions := e.Actions(a, d.Range); len(actions) > 0 {
		t.Errorf("actions: %+v", actions)
	}
	hover := e.Hover(a, d.Range.Start)
	if hover == nil {
		t.Fatal("no hover")
	}
	if hover.Contents != (protocol.Markup{Kind: protocol.PlainText, Value: "page of toy, Markdown: false"}) {
		t.Errorf("hover: %+v", hover.Contents)
	}
	e.Look(func(s *lsptest.Seen) {
		if len(s.Progress) > 0 {
			t.Errorf("progress: %q", s.Progress)
		}
	})
}

// TestEditsWithoutVersion has a client that understands edits by file only.
func TestEditsWithoutVersion(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, twoPackages)
	a := filepath.Join(dir, "a", "a.go")
	can := lsptest.Capabilities()
	can.Workspace.WorkspaceEdit.DocumentChanges = false
	e.Initialize(can, "", dir)
	e.Open(a)
	d := e.AwaitCodes(a, "toy")[0]
	actions := e.Actions(a, d.Range)
	if len(actions) != 1 || len(actions[0].Edit.Changes) != 1 || len(actions[0].Edit.DocumentChanges) != 0 {
		t.Fatalf("actions: %+v", actions)
	}
	e.Apply(actions[0].Edit)
	e.Save(a)
	e.AwaitCodes(a)
}

// TestPanic has a page that panics: the request fails, and nothing else does.
func TestPanic(t *testing.T) {
	e, log, wait := serve(t, func(cfg *lsp.Config) {
		cfg.Page = func(a *analysis.Analyzer, _ bool) string {
			if a == toy {
				panic("no such page")
			}
			return "fine"
		}
	})
	dir := module(t, twoPackages)
	a, b := filepath.Join(dir, "a", "a.go"), filepath.Join(dir, "b", "b.go")
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(a)
	e.Open(b)
	at := e.AwaitCodes(a, "toy")[0].Range.Start
	params := &protocol.HoverParams{TextDocument: lsptest.Document(a), Position: at}
	if err := e.Request("textDocument/hover", params, nil); err == nil || !strings.Contains(err.Error(), "no such page") {
		t.Errorf("error: %v", err)
	}
	if !strings.Contains(log.String(), "panic in textDocument/hover: no such page") {
		t.Errorf("log:\n%s", log)
	}
	if hover := e.Hover(b, e.AwaitCodes(b, "other")[0].Range.Start); hover == nil {
		t.Error("no hover after the panic")
	}
	e.Shutdown()
	if err := wait(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestSaves saves many times at once, and counts the analyses.
func TestSaves(t *testing.T) {
	dir := module(t, twoPackages)
	log := filepath.Join(dir, "log")
	e, _, _ := serve(t, func(cfg *lsp.Config) { cfg.ToolFlags = []string{"-toy.log=" + log} })
	a := filepath.Join(dir, "a", "a.go")
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(a)
	e.AwaitCodes(a, "toy")
	e.AwaitIdle(1)
	text := e.Text(a)
	for i := range 20 {
		e.Change(a, fmt.Sprintf("%s// %d\n", text, i))
		e.Save(a)
	}
	e.Change(a, strings.Replace(text, "bug();", "bug(); bug();", 1))
	e.Save(a)
	e.AwaitCodes(a, "toy", "toy")
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	// One for the first opening, and one or two, as the saves came before or
	// during an analysis; more only if the machine slept in between.
	if n := strings.Count(string(data), "example.com/m/a"); n > 8 {
		t.Errorf("%d analyses for 21 saves", n)
	}
}
