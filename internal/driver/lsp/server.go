package lsp

import (
	"context"
	"log"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/uri"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// A server is the state of a connection. Its methods named as in the protocol are
// called one at a time, in the order of the messages.
type server struct {
	cfg      Config
	client   client
	log      *log.Logger
	queue    *queue
	exit     chan struct{} // closed when the client says so
	exitOnce sync.Once

	mu       sync.Mutex
	reached  phase
	can      abilities
	folders  []string             // of the workspace; none means that any file will do
	docs     map[string]*document // the open ones, by file name
	results  map[string]*result   // of the files with findings, by file name
	settings settings
	// configured says that settings came with the first request.
	configured bool
	runs       int                           // so far
	cancels    map[string]context.CancelFunc // of runs that show progress, by token
	told       map[string]bool               // errors that were shown
}

// A document is a file as it is in the editor.
type document struct {
	uri     uri.URI
	version int32
	text    string
	unknown bool // the text was changed in a way that the server did not ask for
}

// abilities are those of the client that the server's answers depend on.
type abilities struct {
	related, links, versions      bool // in diagnostics
	actions, versionedEdits       bool
	markdown                      bool
	progress, configurationByPull bool
}

func newServer(cfg Config, conn jsonrpc2.Conn) *server {
	return &server{
		cfg:     cfg,
		client:  client{conn},
		log:     cfg.logger(),
		queue:   newQueue(),
		exit:    make(chan struct{}),
		docs:    make(map[string]*document),
		results: make(map[string]*result),
		cancels: make(map[string]context.CancelFunc),
		told:    make(map[string]bool),
	}
}

func (s *server) phase() phase {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reached
}

// Initialize tells the client what the server can do.
func (s *server) Initialize(ctx context.Context, params *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.mu.Lock()
	s.reached = initialized
	s.can = readAbilities(&params.Capabilities)
	s.addFolders(params.WorkspaceFolders)
	if params.WorkspaceFolders == nil && params.RootURI != nil {
		s.addFolders([]protocol.WorkspaceFolder{{URI: *params.RootURI}})
	}
	s.configured = !isNone(params.InitializationOptions)
	s.mu.Unlock()
	s.configure(ctx, params.InitializationOptions)

	return &protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: s.cfg.Name, Version: s.cfg.Version},
		Capabilities: protocol.ServerCapabilities{
			// Whole texts, because all that is asked of them is whether they
			// are what was analysed.
			TextDocumentSync:   protocol.SyncOptions{OpenClose: true, Change: protocol.SyncFull, Save: true},
			HoverProvider:      true,
			CodeActionProvider: protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.QuickFix}},
			Workspace: protocol.WorkspaceOptions{
				WorkspaceFolders: protocol.FolderOptions{Supported: true, ChangeNotifications: true},
			},
		},
	}, nil
}

func readAbilities(c *protocol.ClientCapabilities) abilities {
	text := &c.TextDocument
	return abilities{
		related:             text.PublishDiagnostics.RelatedInformation,
		links:               text.PublishDiagnostics.CodeDescriptionSupport,
		versions:            text.PublishDiagnostics.VersionSupport,
		actions:             text.CodeAction.CodeActionLiteralSupport != nil,
		markdown:            slices.Contains(text.Hover.ContentFormat, protocol.Markdown),
		versionedEdits:      c.Workspace.WorkspaceEdit.DocumentChanges,
		configurationByPull: c.Workspace.Configuration,
		progress:            c.Window.WorkDoneProgress,
	}
}

// Initialized is the client's answer. From now on it can be asked for settings,
// unless they came with its first request.
func (s *server) Initialized(ctx context.Context, _ *protocol.None) error {
	s.mu.Lock()
	pull := s.can.configurationByPull && !s.configured
	s.mu.Unlock()
	if pull {
		s.pull(ctx)
	}
	return nil
}

// SetTrace is accepted: there is no trace.
func (s *server) SetTrace(context.Context, *protocol.None) error { return nil }

// Shutdown ends all but the connection.
func (s *server) Shutdown(context.Context, *protocol.None) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached = shutDown
	return nil, nil
}

// Exit ends the server.
func (s *server) Exit(context.Context, *protocol.None) error {
	s.exitOnce.Do(func() { close(s.exit) })
	return nil
}

// DidOpen analyses the file's package.
func (s *server) DidOpen(_ context.Context, params *protocol.DidOpenParams) error {
	d := params.TextDocument
	name, ok := goFile(d.URI)
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[name] = &document{uri: d.URI, version: d.Version, text: d.Text}
	if s.inWorkspace(name) {
		s.queue.add(filepath.Dir(name))
	}
	return nil
}

// DidChange notes what the text is now.
func (s *server) DidChange(_ context.Context, params *protocol.DidChangeParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := goFile(params.TextDocument.URI)
	d := s.docs[name]
	if d == nil {
		return nil
	}
	if version := params.TextDocument.Version; version != nil {
		d.version = *version
	}
	for _, change := range params.ContentChanges {
		d.text, d.unknown = change.Text, change.Range != nil
	}
	return nil
}

// DidSave analyses the packages of all open files: they may import the one that
// was saved. Those that do not are in the build cache.
func (s *server) DidSave(_ context.Context, params *protocol.DidSaveParams) error {
	name, ok := goFile(params.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ok && s.inWorkspace(name) {
		s.queue.add(filepath.Dir(name))
	}
	s.refresh()
	return nil
}

// DidChangeWatchedFiles is as good as a save, for clients that watch files.
func (s *server) DidChangeWatchedFiles(context.Context, *protocol.None) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh()
	return nil
}

// DidClose withdraws the findings of a package of which no file is open: nobody
// would notice when they become wrong.
func (s *server) DidClose(ctx context.Context, params *protocol.DidCloseParams) error {
	name, _ := goFile(params.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.docs, name)
	s.replace(ctx, func(file string) bool { return !s.watched(file) }, nil)
	return nil
}

// DidChangeWorkspaceFolders changes what belongs to the workspace.
func (s *server) DidChangeWorkspaceFolders(ctx context.Context, params *protocol.DidChangeFoldersParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range params.Event.Removed {
		s.folders = slices.DeleteFunc(s.folders, func(dir string) bool { return dir == f.URI.FsPath() })
	}
	s.addFolders(params.Event.Added)
	s.replace(ctx, func(file string) bool { return !s.watched(file) }, nil)
	s.refresh()
	return nil
}

func (s *server) addFolders(folders []protocol.WorkspaceFolder) {
	for _, f := range folders {
		if f.URI.IsFile() {
			s.folders = append(s.folders, filepath.Clean(f.URI.FsPath()))
		}
	}
}

// refresh queues the packages of all open files. The caller holds the lock.
func (s *server) refresh() {
	for name := range s.docs {
		if s.inWorkspace(name) {
			s.queue.add(filepath.Dir(name))
		}
	}
}

// inWorkspace reports whether a file is one that people work on here, and not,
// say, one of the standard library that somebody looks at. The caller holds the
// lock.
func (s *server) inWorkspace(name string) bool {
	return len(s.folders) == 0 || slices.ContainsFunc(s.folders, func(dir string) bool {
		rel, err := filepath.Rel(dir, name)
		return err == nil && filepath.IsLocal(rel)
	})
}

// watched reports whether findings in a file are shown: it is in the workspace,
// and a file of its package is open. The caller holds the lock.
func (s *server) watched(name string) bool {
	if !s.inWorkspace(name) {
		return false
	}
	for other := range s.docs {
		if filepath.Dir(other) == filepath.Dir(name) {
			return true
		}
	}
	return false
}

// goFile returns the name of a document if it is a file with Go source.
func goFile(u uri.URI) (name string, ok bool) {
	if !u.IsFile() || !strings.HasSuffix(u.Path(), ".go") {
		return "", false
	}
	return filepath.Clean(u.FsPath()), true
}
