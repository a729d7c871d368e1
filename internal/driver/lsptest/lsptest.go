// Package lsptest is an editor without a screen: it talks to a language server,
// remembers what the server says, and edits files as it is told. Only tests import
// it. It knows nothing of the servers; both concurlint lsp and gopls are driven
// with it.
package lsptest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/concurlint/concurlint/internal/driver/lsp"
)

// timeout is how long a server may take for anything. It is long because
// machines that run tests are busy; what is waited for ends the wait.
const timeout = 90 * time.Second

// An Editor is the client of a language server. Its methods fail the test if the
// server does not do its part.
type Editor struct {
	Server protocol.Server // for requests
	Conn   jsonrpc2.Conn

	t   *testing.T
	ctx context.Context
	in  io.Writer // to the server

	mu       sync.Mutex
	changed  *sync.Cond
	settings string // what workspace/configuration is answered with
	seen     Seen
	docs     map[string]*document
}

// Seen is what the server said so far.
type Seen struct {
	Diagnostics map[string][]protocol.Diagnostic // the last ones by file name
	Published   map[string]int                   // number of messages by file name
	Shown       []string                         // window/showMessage
	Logged      []string                         // window/logMessage
	Progress    []string                         // kinds: create, begin, report, end
	Tokens      []protocol.ProgressToken
}

// A document is an open file.
type document struct {
	version int32
	text    string
}

// Connect returns an editor that talks to a server over a connection.
func Connect(t *testing.T, peer io.ReadWriteCloser) *Editor {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*timeout)
	t.Cleanup(cancel)
	e := &Editor{
		t: t, ctx: ctx, in: peer,
		seen: Seen{
			Diagnostics: make(map[string][]protocol.Diagnostic),
			Published:   make(map[string]int),
		},
		docs:     make(map[string]*document),
		settings: "null",
	}
	e.changed = sync.NewCond(&e.mu)
	e.Conn = lsp.NewConn(peer)
	e.Server = protocol.ServerDispatcher(e.Conn)
	e.Conn.Go(ctx, protocol.ClientHandler(&client{editor: e}, jsonrpc2.MethodNotFoundHandler))
	return e
}

// pipes are the standard input and output of a process.
type pipes struct {
	io.Reader
	io.WriteCloser
}

// Start starts a server as a process and returns an editor that talks to it over
// pipes. The process is killed at the end of the test if it still runs.
func Start(t *testing.T, cmd *exec.Cmd) *Editor {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
		if t.Failed() && stderr.Len() > 0 {
			t.Logf("the server's standard error:\n%s", stderr.String())
		}
	})
	return Connect(t, pipes{out, in})
}

// Capabilities returns those of a modern editor.
func Capabilities() protocol.ClientCapabilities {
	on := true
	publish := &protocol.PublishDiagnosticsClientCapabilities{VersionSupport: &on}
	publish.RelatedInformation = &on
	publish.CodeDescriptionSupport = &on
	action := &protocol.CodeActionClientCapabilities{}
	action.CodeActionLiteralSupport.CodeActionKind.ValueSet = []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}
	return protocol.ClientCapabilities{
		TextDocument: &protocol.TextDocumentClientCapabilities{
			PublishDiagnostics: publish,
			CodeAction:         action,
			Hover: &protocol.HoverClientCapabilities{
				ContentFormat: []protocol.MarkupKind{protocol.MarkupKindMarkdown, protocol.MarkupKindPlainText},
			},
		},
		Workspace: &protocol.WorkspaceClientCapabilities{
			WorkspaceEdit: &protocol.WorkspaceEditClientCapabilities{DocumentChanges: &on},
			Configuration: &on,
		},
		Window: &protocol.WindowClientCapabilities{WorkDoneProgress: &on},
	}
}

// Initialize opens folders with a server, with initializationOptions as a JSON
// text, which may be empty.
func (e *Editor) Initialize(can protocol.ClientCapabilities, options string, folders ...string) *protocol.InitializeResult {
	e.t.Helper()
	params := &protocol.InitializeParams{}
	params.Capabilities = can
	if options != "" {
		params.InitializationOptions = protocol.LSPAny(options)
	}
	var list []protocol.WorkspaceFolder
	for _, dir := range folders {
		list = append(list, Folder(dir))
	}
	// The type of the field has no constructor.
	raw, err := json.Marshal(list)
	if err == nil {
		err = protocol.Unmarshal(raw, &params.WorkspaceFolders)
	}
	e.must("initialize", err)
	result, err := e.Server.Initialize(e.ctx, params)
	if err != nil {
		e.t.Fatalf("initialize: %v", err)
	}
	e.must("initialized", e.Server.Initialized(e.ctx, &protocol.InitializedParams{}))
	return result
}

// Folder returns a folder of a workspace.
func Folder(dir string) protocol.WorkspaceFolder {
	return protocol.WorkspaceFolder{URI: uri.File(dir), Name: dir}
}

// must fails the test if a message could not be sent.
func (e *Editor) must(what string, err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatalf("%s: %v", what, err)
	}
}

// Open opens a file.
func (e *Editor) Open(name string) {
	e.t.Helper()
	data, err := os.ReadFile(name)
	e.must("open", err)
	e.mu.Lock()
	e.docs[name] = &document{version: 1, text: string(data)}
	e.mu.Unlock()
	e.must("didOpen", e.Server.DidOpen(e.ctx, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: uri.File(name), LanguageID: "go", Version: 1, Text: string(data)},
	}))
}

// Text returns the text of an open file.
func (e *Editor) Text(name string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.docs[name].text
}

// Change replaces the text of an open file without saving it.
func (e *Editor) Change(name, text string) {
	e.t.Helper()
	e.mu.Lock()
	d := e.docs[name]
	d.version++
	d.text = text
	version := d.version
	e.mu.Unlock()
	params := &protocol.DidChangeTextDocumentParams{
		ContentChanges: []protocol.TextDocumentContentChangeEvent{
			&protocol.TextDocumentContentChangeWholeDocument{Text: text},
		},
	}
	params.TextDocument.URI = uri.File(name)
	params.TextDocument.Version = version
	e.must("didChange", e.Server.DidChange(e.ctx, params))
}

// Save writes the text of an open file to the disk.
func (e *Editor) Save(name string) {
	e.t.Helper()
	e.must("save", os.WriteFile(name, []byte(e.Text(name)), 0o666))
	e.must("didSave", e.Server.DidSave(e.ctx, &protocol.DidSaveTextDocumentParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(name)},
	}))
}

// Close closes a file.
func (e *Editor) Close(name string) {
	e.t.Helper()
	e.mu.Lock()
	delete(e.docs, name)
	e.mu.Unlock()
	e.must("didClose", e.Server.DidClose(e.ctx, &protocol.DidCloseTextDocumentParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(name)},
	}))
}

// Configure sends settings as a JSON text.
func (e *Editor) Configure(settings string) {
	e.t.Helper()
	e.must("didChangeConfiguration", e.Server.DidChangeConfiguration(e.ctx,
		&protocol.DidChangeConfigurationParams{Settings: protocol.LSPAny(settings)}))
}

// Answer sets what workspace/configuration is answered with.
func (e *Editor) Answer(settings string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings = settings
}

// Raw sends bytes as they are.
func (e *Editor) Raw(text string) {
	e.t.Helper()
	_, err := io.WriteString(e.in, text)
	e.must("write", err)
}

// Hover returns what is shown at a position, or nil.
func (e *Editor) Hover(name string, at protocol.Position) *protocol.Hover {
	e.t.Helper()
	params := &protocol.HoverParams{}
	params.TextDocument.URI = uri.File(name)
	params.Position = at
	hover, err := e.Server.Hover(e.ctx, params)
	e.must("hover", err)
	return hover
}

// Actions returns the quick fixes in a range.
func (e *Editor) Actions(name string, in protocol.Range, diagnostics ...protocol.Diagnostic) []*protocol.CodeAction {
	e.t.Helper()
	params := &protocol.CodeActionParams{Range: in}
	params.TextDocument.URI = uri.File(name)
	params.Context.Diagnostics = append([]protocol.Diagnostic{}, diagnostics...)
	params.Context.Only = []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}
	list, err := e.Server.CodeAction(e.ctx, params)
	e.must("codeAction", err)
	var actions []*protocol.CodeAction
	for _, item := range list {
		if action, ok := item.(*protocol.CodeAction); ok {
			actions = append(actions, action)
		}
	}
	return actions
}

// Apply applies an edit to the open files that it names. It fails the test if a
// file is not open or its version is another one.
func (e *Editor) Apply(edit *protocol.WorkspaceEdit) {
	e.t.Helper()
	for u, edits := range edit.Changes {
		e.Change(u.FsPath(), ApplyEdits(e.Text(u.FsPath()), edits))
	}
	for _, change := range edit.DocumentChanges {
		doc, ok := change.(*protocol.TextDocumentEdit)
		if !ok {
			e.t.Fatalf("edit with a %T", change)
		}
		name := doc.TextDocument.URI.FsPath()
		e.mu.Lock()
		d := e.docs[name]
		e.mu.Unlock()
		if d == nil || doc.TextDocument.Version == nil || *doc.TextDocument.Version != d.version {
			e.t.Fatalf("edit of %s is for another version than the open one", name)
		}
		var edits []protocol.TextEdit
		for _, item := range doc.Edits {
			edits = append(edits, *item.(*protocol.TextEdit))
		}
		e.Change(name, ApplyEdits(d.text, edits))
	}
}

// ApplyEdits returns the text after edits, whose positions count units of UTF-16.
func ApplyEdits(text string, edits []protocol.TextEdit) string {
	all := utf16.Encode([]rune(text))
	offset := func(p protocol.Position) int {
		i := 0
		for line := uint32(0); line < p.Line; line++ {
			i += slices.Index(all[i:], '\n') + 1
		}
		return i + int(p.Character)
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b protocol.TextEdit) int {
		return offset(a.Range.Start) - offset(b.Range.Start)
	})
	var out []uint16
	done := 0
	for _, edit := range sorted {
		out = append(out, all[done:offset(edit.Range.Start)]...)
		out = append(out, utf16.Encode([]rune(edit.NewText))...)
		done = offset(edit.Range.End)
	}
	return string(utf16.Decode(append(out, all[done:]...)))
}

// Await waits until the server has said what holds is true for, and fails the
// test if that takes too long.
func (e *Editor) Await(what string, holds func(*Seen) bool) {
	e.t.Helper()
	stop := time.AfterFunc(timeout, e.changed.Broadcast)
	defer stop.Stop()
	deadline := time.Now().Add(timeout)
	e.mu.Lock()
	defer e.mu.Unlock()
	for !holds(&e.seen) {
		if time.Now().After(deadline) {
			e.t.Fatalf("waited for %s; seen: %s", what, e.seen.describe())
		}
		e.changed.Wait()
	}
}

// AwaitCodes waits until the diagnostics of a file have the codes, in order, and
// returns them.
func (e *Editor) AwaitCodes(name string, codes ...string) (got []protocol.Diagnostic) {
	e.t.Helper()
	e.Await(fmt.Sprintf("%s to have %q", name, codes), func(s *Seen) bool {
		got = s.Diagnostics[name]
		return s.Published[name] > 0 && slices.Equal(Codes(got), codes)
	})
	return got
}

// AwaitIdle waits until as many runs have ended as were begun, at least n.
func (e *Editor) AwaitIdle(n int) {
	e.t.Helper()
	e.Await(fmt.Sprintf("the end of run %d", n), func(s *Seen) bool {
		ends := count(s.Progress, "end")
		return ends >= n && ends == count(s.Progress, "create")
	})
}

func count(list []string, word string) (n int) {
	for _, s := range list {
		if s == word {
			n++
		}
	}
	return n
}

// Codes returns the codes of diagnostics.
func Codes(list []protocol.Diagnostic) []string {
	var codes []string
	for _, d := range list {
		codes = append(codes, fmt.Sprint(d.Code))
	}
	return codes
}

// Look calls f with what the server said so far.
func (e *Editor) Look(f func(*Seen)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(&e.seen)
}

// describe returns what was seen, for a message.
func (s *Seen) describe() string {
	var b strings.Builder
	for name, list := range s.Diagnostics {
		fmt.Fprintf(&b, "\n%s: %q, published %d times", name, Codes(list), s.Published[name])
	}
	fmt.Fprintf(&b, "\nshown: %q\nlogged: %q\nprogress: %q", s.Shown, s.Logged, s.Progress)
	return b.String()
}

// Shutdown ends the conversation as the protocol asks for.
func (e *Editor) Shutdown() {
	e.t.Helper()
	e.must("shutdown", e.Server.Shutdown(e.ctx))
	e.must("exit", e.Server.Exit(e.ctx))
}

// Context returns one that ends before the test does.
func (e *Editor) Context() context.Context { return e.ctx }
