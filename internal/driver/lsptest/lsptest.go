// Package lsptest is an editor without a screen: it talks to a language server,
// remembers what the server says, and edits files as it is told. Only tests import
// it. It knows nothing of the servers; both concurlint lsp and gopls are driven
// with it.
package lsptest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/uri"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// timeout is how long a server may take for anything. It is long because
// machines that run tests are busy; what is waited for ends the wait.
const timeout = 90 * time.Second

// An Editor is the client of a language server. Its methods fail the test if the
// server does not do its part.
type Editor struct {
	Conn jsonrpc2.Conn // for what has no method here

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
	Tokens      []any                            // of progress
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
	e.Conn = protocol.NewConn(peer)
	e.Conn.Go(ctx, e.handle)
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
	var can protocol.ClientCapabilities
	publish := &can.TextDocument.PublishDiagnostics
	publish.RelatedInformation, publish.CodeDescriptionSupport, publish.VersionSupport = true, true, true
	literals := new(protocol.LiteralSupport)
	literals.CodeActionKind.ValueSet = []protocol.CodeActionKind{protocol.QuickFix}
	can.TextDocument.CodeAction.CodeActionLiteralSupport = literals
	can.TextDocument.Hover.ContentFormat = []string{protocol.Markdown, protocol.PlainText}
	can.Workspace.WorkspaceEdit.DocumentChanges = true
	can.Workspace.Configuration = true
	can.Window.WorkDoneProgress = true
	return can
}

// Initialize opens folders with a server, with initializationOptions as a JSON
// text, which may be empty, and returns the server's name and version.
func (e *Editor) Initialize(can protocol.ClientCapabilities, options string, folders ...string) protocol.ServerInfo {
	e.t.Helper()
	params := &protocol.InitializeParams{Capabilities: can}
	if options != "" {
		params.InitializationOptions = protocol.Any(options)
	}
	for _, dir := range folders {
		params.WorkspaceFolders = append(params.WorkspaceFolders, Folder(dir))
	}
	var result struct {
		ServerInfo protocol.ServerInfo `json:"serverInfo"`
	}
	e.must("initialize", e.Request(protocol.MethodInitialize, params, &result))
	e.Notify("initialized", protocol.None{})
	return result.ServerInfo
}

// Request sends a request and stores its result, unless that is nil.
func (e *Editor) Request(method string, params, result any) error {
	_, err := e.Conn.Call(e.ctx, method, params, result)
	return err
}

// Notify sends a notification.
func (e *Editor) Notify(method string, params any) {
	e.t.Helper()
	e.must(method, e.Conn.Notify(e.ctx, method, params))
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
	e.Notify("textDocument/didOpen", &protocol.DidOpenParams{
		TextDocument: protocol.TextDocumentItem{URI: uri.File(name), LanguageID: "go", Version: 1, Text: string(data)},
	})
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
	e.Notify("textDocument/didChange", &protocol.DidChangeParams{
		TextDocument:   protocol.VersionedTextDocument{URI: uri.File(name), Version: &version},
		ContentChanges: []protocol.ContentChange{{Text: text}},
	})
}

// Save writes the text of an open file to the disk.
func (e *Editor) Save(name string) {
	e.t.Helper()
	e.must("save", os.WriteFile(name, []byte(e.Text(name)), 0o666))
	e.Notify("textDocument/didSave", &protocol.DidSaveParams{TextDocument: Document(name)})
}

// Close closes a file.
func (e *Editor) Close(name string) {
	e.t.Helper()
	e.mu.Lock()
	delete(e.docs, name)
	e.mu.Unlock()
	e.Notify("textDocument/didClose", &protocol.DidCloseParams{TextDocument: Document(name)})
}

// Configure sends settings as a JSON text.
func (e *Editor) Configure(settings string) {
	e.t.Helper()
	e.Notify("workspace/didChangeConfiguration", &protocol.DidChangeConfigurationParams{Settings: protocol.Any(settings)})
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
	var hover *protocol.Hover
	e.must("hover", e.Request("textDocument/hover", &protocol.HoverParams{TextDocument: Document(name), Position: at}, &hover))
	return hover
}

// Document names a file.
func Document(name string) protocol.TextDocument { return protocol.TextDocument{URI: uri.File(name)} }

// Actions returns the quick fixes in a range.
func (e *Editor) Actions(name string, in protocol.Range, diagnostics ...protocol.Diagnostic) (actions []protocol.CodeAction) {
	e.t.Helper()
	e.must("codeAction", e.Request("textDocument/codeAction", &protocol.CodeActionParams{
		TextDocument: Document(name),
		Range:        in,
		Context:      protocol.CodeActionContext{Diagnostics: diagnostics, Only: []protocol.CodeActionKind{protocol.QuickFix}},
	}, &actions))
	return actions
}

// Apply applies an edit to the open files that it names. It fails the test if a
// file is not open or its version is another one.
func (e *Editor) Apply(edit *protocol.WorkspaceEdit) {
	e.t.Helper()
	for u, edits := range edit.Changes {
		e.Change(u.FsPath(), ApplyEdits(e.Text(u.FsPath()), edits))
	}
	for _, doc := range edit.DocumentChanges {
		name := doc.TextDocument.URI.FsPath()
		e.mu.Lock()
		d := e.docs[name]
		e.mu.Unlock()
		if d == nil || doc.TextDocument.Version == nil || *doc.TextDocument.Version != d.version {
			e.t.Fatalf("edit of %s is for another version than the open one", name)
		}
		e.Change(name, ApplyEdits(d.text, doc.Edits))
	}
}

// Shutdown ends the conversation as the protocol asks for.
func (e *Editor) Shutdown() {
	e.t.Helper()
	e.must("shutdown", e.Request("shutdown", nil, nil))
	e.Notify("exit", nil)
}

// Context returns one that ends before the test does.
func (e *Editor) Context() context.Context { return e.ctx }
