package lsptest

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"
)

// A client is what the server calls.
type client struct {
	protocol.UnimplementedClient
	editor *Editor
}

// note changes what was seen.
func (c *client) note(f func(*Seen)) error {
	c.editor.mu.Lock()
	defer c.editor.mu.Unlock()
	f(&c.editor.seen)
	c.editor.changed.Broadcast()
	return nil
}

func (c *client) PublishDiagnostics(_ context.Context, params *protocol.PublishDiagnosticsParams) error {
	return c.note(func(s *Seen) {
		name := params.URI.FsPath()
		s.Diagnostics[name] = params.Diagnostics
		s.Published[name]++
	})
}

func (c *client) ShowMessage(_ context.Context, params *protocol.ShowMessageParams) error {
	return c.note(func(s *Seen) { s.Shown = append(s.Shown, params.Message) })
}

func (c *client) LogMessage(_ context.Context, params *protocol.LogMessageParams) error {
	return c.note(func(s *Seen) { s.Logged = append(s.Logged, params.Message) })
}

func (c *client) WorkDoneProgressCreate(_ context.Context, params *protocol.WorkDoneProgressCreateParams) error {
	return c.note(func(s *Seen) {
		s.Progress = append(s.Progress, "create")
		s.Tokens = append(s.Tokens, params.Token)
	})
}

func (c *client) Progress(_ context.Context, params *protocol.ProgressParams) error {
	var value struct{ Kind string }
	if err := json.Unmarshal(params.Value, &value); err != nil {
		return err
	}
	return c.note(func(s *Seen) { s.Progress = append(s.Progress, value.Kind) })
}

func (c *client) Configuration(_ context.Context, params *protocol.ConfigurationParams) ([]protocol.LSPAny, error) {
	c.editor.mu.Lock()
	defer c.editor.mu.Unlock()
	var answers []protocol.LSPAny
	for range params.Items {
		answers = append(answers, protocol.LSPAny(c.editor.settings))
	}
	return answers, nil
}

// RegisterCapability is accepted; the editor tells everything anyway.
func (c *client) RegisterCapability(context.Context, *protocol.RegistrationParams) error { return nil }

func (c *client) UnregisterCapability(context.Context, *protocol.UnregistrationParams) error {
	return nil
}

func (c *client) Telemetry(context.Context, protocol.LSPAny) error { return nil }

func (c *client) LogTrace(context.Context, *protocol.LogTraceParams) error { return nil }

// The server may ask for what it said to be fetched again, which is not kept here.

func (c *client) CodeLensRefresh(context.Context) error       { return nil }
func (c *client) FoldingRangeRefresh(context.Context) error   { return nil }
func (c *client) SemanticTokensRefresh(context.Context) error { return nil }
func (c *client) InlineValueRefresh(context.Context) error    { return nil }
func (c *client) InlayHintRefresh(context.Context) error      { return nil }
func (c *client) DiagnosticRefresh(context.Context) error     { return nil }
