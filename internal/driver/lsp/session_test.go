package lsp_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"

	"github.com/concurlint/concurlint/internal/driver/lsp"
	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
	"github.com/concurlint/concurlint/internal/driver/lsptest"
)

// code returns the code of an error of the other side.
func code(err error) jsonrpc2.Code {
	if e, ok := errors.AsType[*jsonrpc2.Error](err); ok {
		return e.Code
	}
	return 0
}

// TestOrder sends what does not fit the state of the conversation, and what makes
// no sense at all. None of it is the end.
func TestOrder(t *testing.T) {
	e, _, wait := serve(t, nil)
	if err := e.Request("textDocument/hover", &protocol.HoverParams{}, nil); code(err) != jsonrpc2.ServerNotInitialized {
		t.Errorf("hover before initialize: %v", err)
	}
	e.Initialize(lsptest.Capabilities(), "")
	if err := e.Request("initialize", &protocol.InitializeParams{}, nil); code(err) != jsonrpc2.InvalidRequest {
		t.Errorf("second initialize: %v", err)
	}
	if err := e.Request("textDocument/nosuch", nil, nil); code(err) != jsonrpc2.MethodNotFound {
		t.Errorf("unknown method: %v", err)
	}
	if err := e.Request("textDocument/definition", &protocol.HoverParams{}, nil); code(err) != jsonrpc2.MethodNotFound {
		t.Errorf("method without implementation: %v", err)
	}
	if err := e.Request("textDocument/hover", []int{1}, nil); code(err) != jsonrpc2.InvalidParams {
		t.Errorf("parameters of a wrong type: %v", err)
	}
	for _, method := range []string{"$/nosuch", "nosuch", "textDocument/didOpen", "$/cancelRequest"} {
		e.Notify(method, []int{1})
	}
	e.Notify("$/cancelRequest", map[string]int{"id": 99})
	for _, text := range []string{`{"a":`, `7`, `{}`, `[]`, `[1]`, `null`, `{"jsonrpc":"2.0","id":{},"method":"x"}`} {
		e.Raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text))
	}
	if hover := e.Hover("/nosuch.go", protocol.Position{}); hover != nil {
		t.Errorf("hover in a file that is not open: %+v", hover)
	}
	if err := e.Request("shutdown", nil, nil); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if err := e.Request("textDocument/hover", &protocol.HoverParams{}, nil); code(err) != jsonrpc2.InvalidRequest {
		t.Errorf("hover after shutdown: %v", err)
	}
	e.Notify("exit", nil)
	if err := wait(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestLeaving ends the conversation in ways that are not the protocol's.
func TestLeaving(t *testing.T) {
	t.Run("exit without shutdown", func(t *testing.T) {
		e, _, wait := serve(t, nil)
		e.Initialize(lsptest.Capabilities(), "")
		e.Notify("exit", nil)
		if err := wait(); !errors.Is(err, lsp.ErrNoShutdown) {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Run("closed connection", func(t *testing.T) {
		ours, theirs := net.Pipe()
		ended := make(chan error, 1)
		go func() { ended <- lsp.Serve(t.Context(), theirs, lsp.Config{}) }()
		ours.Close()
		if err := <-ended; err == nil {
			t.Error("no error")
		}
	})
	t.Run("context", func(t *testing.T) {
		_, theirs := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := lsp.Serve(ctx, theirs, lsp.Config{}); err == nil {
			t.Error("no error")
		}
	})
}

// TestSettings changes settings while files are open.
func TestSettings(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, twoPackages)
	a, b := filepath.Join(dir, "a", "a.go"), filepath.Join(dir, "b", "b.go")
	e.Initialize(lsptest.Capabilities(), `{"checks": {"other": false}}`, dir)
	e.Open(b)
	e.Open(a)
	e.AwaitCodes(a, "toy")
	e.AwaitIdle(1)
	e.Look(func(s *lsptest.Seen) {
		if len(s.Diagnostics[b]) > 0 {
			t.Errorf("a check that is off reports: %+v", s.Diagnostics[b])
		}
	})
	e.Configure(`{"toylint": {"checks": {"toy": false, "other": true}}, "gopls": {"x": 1}}`)
	e.AwaitCodes(a)
	e.AwaitCodes(b, "other")
	e.Configure(`{"flags": {"other.loud": true}}`)
	e.AwaitCodes(a, "toy")
	e.Await("a louder message", func(s *lsptest.Seen) bool {
		list := s.Diagnostics[b]
		return len(list) == 1 && list[0].Message == "odd is called!"
	})
	// The settings of other servers are no reason for anything.
	e.Configure(`{"gopls": {"x": 1}}`)
	// Null means that they have to be asked for.
	e.Answer(`{"checks": {"other": false}}`)
	e.Configure(`null`)
	e.AwaitCodes(b)
	// Wrong ones are told, once, and change nothing.
	for range 2 {
		e.Configure(`{"toylint": {"checks": {"tyo": false}}}`)
	}
	e.Configure(`{"toylint": {"check": {}}}`)
	e.Configure(`{"toylint": {"flags": {"toy.nosuch": 1}}}`)
	e.Configure(`{"toylint": {"flags": {"toy.loud": "perhaps"}}}`)
	e.Configure(`{"toylint": 7}`)
	e.Configure(`[]`)
	e.Await("six messages", func(s *lsptest.Seen) bool { return len(s.Shown) >= 6 })
	e.Look(func(s *lsptest.Seen) {
		for i, want := range []string{
			`settings: unknown check "tyo"; there are toy, other`,
			`settings: unknown field "check"; there are checks, flags, tags`,
			`settings: unknown flag "toy.nosuch"`,
			`settings: flag "toy.loud": invalid value "perhaps"`,
			`settings: `,
			`settings: want an object with checks, flags, tags`,
		} {
			if !strings.Contains(s.Shown[i], want) {
				t.Errorf("message %d: got %q, want %q", i, s.Shown[i], want)
			}
		}
		if !slices.Equal(lsptest.Codes(s.Diagnostics[a]), []string{"toy"}) {
			t.Errorf("after wrong settings: %v", s.Diagnostics[a])
		}
	})
}

// TestTags analyses a file that is built with a tag only.
func TestTags(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, `
-- go.mod --
module example.com/m

go 1.26
-- a.go --
package m
-- b.go --
//go:build special

package m

func bug() {}

func F() { bug() }
`)
	b := filepath.Join(dir, "b.go")
	e.Answer(`{"tags": "special"}`) // asked for after initialize
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(b)
	e.AwaitCodes(b, "toy")
}

// TestFolders has two modules as folders, and a file outside them.
func TestFolders(t *testing.T) {
	e, _, _ := serve(t, nil)
	one, two, outside := module(t, twoPackages), module(t, twoPackages), module(t, twoPackages)
	a1, a2, a3 := filepath.Join(one, "a", "a.go"), filepath.Join(two, "a", "a.go"), filepath.Join(outside, "a", "a.go")
	e.Initialize(lsptest.Capabilities(), "", one, two)
	e.Open(a1)
	e.Open(a3)
	e.Open(a2)
	e.AwaitCodes(a1, "toy")
	e.AwaitCodes(a2, "toy")
	e.Look(func(s *lsptest.Seen) {
		if s.Published[a3] > 0 {
			t.Error("findings in a file outside the workspace")
		}
	})
	change := &protocol.DidChangeFoldersParams{}
	change.Event.Added = []protocol.WorkspaceFolder{lsptest.Folder(outside)}
	change.Event.Removed = []protocol.WorkspaceFolder{lsptest.Folder(one)}
	e.Notify("workspace/didChangeWorkspaceFolders", change)
	e.AwaitCodes(a1)
	e.AwaitCodes(a3, "toy")
	e.AwaitCodes(a2, "toy")
	e.Close(a2)
	e.AwaitCodes(a2)
	// What is no file with Go source is none of the server's business.
	e.Notify("textDocument/didOpen", &protocol.DidOpenParams{TextDocument: protocol.TextDocumentItem{URI: "untitled:Untitled-1"}})
	e.Hover(a3, protocol.Position{})
}

// TestSymlink opens a folder by another name than its own.
func TestSymlink(t *testing.T) {
	dir := module(t, twoPackages)
	link := filepath.Join(t.TempDir(), "link to the module")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	e, _, _ := serve(t, nil)
	a := filepath.Join(link, "a", "a.go")
	e.Initialize(lsptest.Capabilities(), "", link)
	e.Open(a)
	d := e.AwaitCodes(a, "toy")[0]
	if actions := e.Actions(a, d.Range); len(actions) != 1 {
		t.Errorf("%d actions", len(actions))
	}
}

// TestBroken has packages that cannot be analysed, for one reason after the
// other, beside one that can.
func TestBroken(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, twoPackages)
	a, b := filepath.Join(dir, "a", "a.go"), filepath.Join(dir, "b", "b.go")
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(a)
	e.Open(b)
	e.AwaitCodes(a, "toy")
	e.AwaitCodes(b, "other")
	text := e.Text(a)
	for _, broken := range []string{
		text + "\nvar x undefined\n",
		text + "\nfunc {\n",
		strings.Replace(text, "package a", `package a; import _ "example.com/nosuch"`, 1),
		"",
	} {
		e.Change(a, broken)
		e.Save(a)
		e.AwaitCodes(a)
		e.Change(a, text)
		e.Save(a)
		e.AwaitCodes(a, "toy")
	}
	e.Look(func(s *lsptest.Seen) {
		logged := strings.Join(s.Logged, "\n")
		if !strings.Contains(logged, "undefined: undefined") {
			t.Errorf("logged:\n%s", logged)
		}
		if s.Published[b] > 1 && !slices.Equal(lsptest.Codes(s.Diagnostics[b]), []string{"other"}) {
			t.Errorf("the package that compiles: %v", s.Diagnostics[b])
		}
	})
	// And now none can.
	mod := filepath.Join(dir, "go.mod")
	good, err := os.ReadFile(mod)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mod, []byte("modul"), 0o666); err != nil {
		t.Fatal(err)
	}
	e.Save(a)
	e.AwaitCodes(a)
	e.AwaitCodes(b)
	e.Await("a message about go.mod", func(s *lsptest.Seen) bool {
		return len(s.Shown) == 1 && strings.Contains(s.Shown[0], "go.mod")
	})
	if err := os.WriteFile(mod, good, 0o666); err != nil {
		t.Fatal(err)
	}
	e.Save(a)
	e.AwaitCodes(a, "toy")
	e.AwaitCodes(b, "other")
}

// TestOutsideModule opens a file that belongs to no module.
func TestOutsideModule(t *testing.T) {
	e, _, _ := serve(t, nil)
	dir := module(t, "-- a.go --\npackage a\n")
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(filepath.Join(dir, "a.go"))
	e.Await("a note", func(s *lsptest.Seen) bool {
		return len(s.Logged) > 0 && strings.Contains(s.Logged[0], "outside a module")
	})
}

// TestCancel cancels a run, whose package hangs, by the button that editors show
// with the progress. The next run is not affected.
func TestCancel(t *testing.T) {
	e, _, wait := serve(t, nil)
	dir := module(t, twoPackages+`
-- slow/slow.go --
package slow

func hang() {}

func F() { hang(); bug() }

func bug() {}
`)
	slow, a := filepath.Join(dir, "slow", "slow.go"), filepath.Join(dir, "a", "a.go")
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(slow)
	var token any
	e.Await("a run", func(s *lsptest.Seen) bool {
		if !slices.Contains(s.Progress, "begin") {
			return false
		}
		token = s.Tokens[0]
		return true
	})
	e.Notify("window/workDoneProgress/cancel", &protocol.ProgressTokenParams{Token: token})
	e.AwaitIdle(1)
	e.Look(func(s *lsptest.Seen) {
		if s.Published[slow] > 0 {
			t.Error("a cancelled run has findings")
		}
	})
	e.Close(slow)
	e.Open(a)
	e.AwaitCodes(a, "toy")
	// A shutdown during a run does not wait for it.
	e.Open(slow)
	e.Await("another run", func(s *lsptest.Seen) bool { return len(s.Tokens) > 2 })
	e.Shutdown()
	if err := wait(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}
