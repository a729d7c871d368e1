package lsptest

import (
	"context"

	"go.lsp.dev/jsonrpc2"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// handle does what the server asks for, or says. What has no place here, as the
// wish that something be fetched again, is accepted.
func (e *Editor) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var method protocol.Method
	switch req.Method() {
	case "textDocument/publishDiagnostics":
		method = noting(e, func(s *Seen, params *protocol.PublishDiagnosticsParams) {
			name := params.URI.FsPath()
			s.Diagnostics[name] = params.Diagnostics
			s.Published[name]++
		})
	case "window/showMessage":
		method = noting(e, func(s *Seen, params *protocol.MessageParams) { s.Shown = append(s.Shown, params.Message) })
	case "window/logMessage":
		method = noting(e, func(s *Seen, params *protocol.MessageParams) { s.Logged = append(s.Logged, params.Message) })
	case "window/workDoneProgress/create":
		method = noting(e, func(s *Seen, params *protocol.ProgressTokenParams) {
			s.Progress = append(s.Progress, "create")
			s.Tokens = append(s.Tokens, params.Token)
		})
	case "$/progress":
		method = noting(e, func(s *Seen, params *protocol.ProgressParams) {
			s.Progress = append(s.Progress, params.Value.Kind)
		})
	case "workspace/configuration":
		method = protocol.Request(e.configuration)
	default:
		return nil, nil
	}
	return method(ctx, req.Params())
}

// noting returns a method that changes what was seen.
func noting[P any](e *Editor, f func(*Seen, *P)) protocol.Method {
	return protocol.Notification(func(_ context.Context, params *P) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		f(&e.seen, params)
		e.changed.Broadcast()
		return nil
	})
}

func (e *Editor) configuration(_ context.Context, params *protocol.ConfigurationParams) ([]protocol.Any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var answers []protocol.Any
	for range params.Items {
		answers = append(answers, protocol.Any(e.settings))
	}
	return answers, nil
}
