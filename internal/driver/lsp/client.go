package lsp

import (
	"context"

	"go.lsp.dev/jsonrpc2"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// methods are those that the server handles.
func (s *server) methods() map[string]protocol.Method {
	return map[string]protocol.Method{
		protocol.MethodInitialize:             protocol.Request(s.Initialize),
		"initialized":                         protocol.Notification(s.Initialized),
		"shutdown":                            protocol.Request(s.Shutdown),
		protocol.MethodExit:                   protocol.Notification(s.Exit),
		"textDocument/didOpen":                protocol.Notification(s.DidOpen),
		"textDocument/didChange":              protocol.Notification(s.DidChange),
		"textDocument/didSave":                protocol.Notification(s.DidSave),
		"textDocument/didClose":               protocol.Notification(s.DidClose),
		"textDocument/hover":                  protocol.Request(s.Hover),
		"textDocument/codeAction":             protocol.Request(s.CodeAction),
		"workspace/didChangeConfiguration":    protocol.Notification(s.DidChangeConfiguration),
		"workspace/didChangeWorkspaceFolders": protocol.Notification(s.DidChangeWorkspaceFolders),
		"workspace/didChangeWatchedFiles":     protocol.Notification(s.DidChangeWatchedFiles),
		"window/workDoneProgress/cancel":      protocol.Notification(s.WorkDoneProgressCancel),
	}
}

// A client is the other side, as the server calls it.
type client struct{ conn jsonrpc2.Conn }

func (c client) PublishDiagnostics(ctx context.Context, params *protocol.PublishDiagnosticsParams) error {
	return c.conn.Notify(ctx, "textDocument/publishDiagnostics", params)
}

func (c client) ShowMessage(ctx context.Context, params *protocol.MessageParams) error {
	return c.conn.Notify(ctx, "window/showMessage", params)
}

func (c client) LogMessage(ctx context.Context, params *protocol.MessageParams) error {
	return c.conn.Notify(ctx, "window/logMessage", params)
}

func (c client) WorkDoneProgressCreate(ctx context.Context, params *protocol.ProgressTokenParams) error {
	_, err := protocol.Call[any](ctx, c.conn, "window/workDoneProgress/create", params)
	return err
}

func (c client) Progress(ctx context.Context, params *protocol.ProgressParams) error {
	return c.conn.Notify(ctx, "$/progress", params)
}

func (c client) Configuration(ctx context.Context, params *protocol.ConfigurationParams) ([]protocol.Any, error) {
	return protocol.Call[[]protocol.Any](ctx, c.conn, "workspace/configuration", params)
}
