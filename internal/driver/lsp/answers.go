package lsp

import (
	"context"
	"slices"
	"strings"

	"go.lsp.dev/uri"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// Hover explains the checks of the findings at a position.
func (s *server) Hover(_ context.Context, params *protocol.HoverParams) (*protocol.Hover, error) {
	at := protocol.Range{Start: params.Position, End: params.Position}
	s.mu.Lock()
	defer s.mu.Unlock()
	var pages, checks []string
	var around protocol.Range
	for _, f := range s.findingsAt(params.TextDocument.URI, at) {
		if a := s.cfg.analyzer(f.check); a != nil && !slices.Contains(checks, f.check) {
			checks = append(checks, f.check)
			pages = append(pages, s.cfg.Page(a, s.can.markdown))
			around = f.Range
		}
	}
	if len(pages) == 0 {
		return nil, nil
	}
	hover := &protocol.Hover{
		Contents: protocol.Markup{Kind: protocol.PlainText, Value: strings.Join(pages, "\n")},
		Range:    &around,
	}
	if s.can.markdown {
		hover.Contents = protocol.Markup{Kind: protocol.Markdown, Value: strings.Join(pages, "\n---\n\n")}
	}
	return hover, nil
}

// CodeAction offers the fixes of the findings in a range.
func (s *server) CodeAction(_ context.Context, params *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	actions := []protocol.CodeAction{}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.can.actions || !wantsQuickFix(params.Context.Only) {
		return actions, nil
	}
	for _, f := range s.findingsAt(params.TextDocument.URI, params.Range) {
		if f.fix == nil {
			continue
		}
		actions = append(actions, protocol.CodeAction{
			Title:       f.fix.title,
			Kind:        protocol.QuickFix,
			Diagnostics: []protocol.Diagnostic{f.Diagnostic},
			IsPreferred: true,
			Edit:        s.workspaceEdit(params.TextDocument.URI, f.fix.edits),
		})
	}
	return actions, nil
}

// wantsQuickFix reports whether quick fixes are among the kinds that are asked
// for: none stands for all, and a kind for those below it.
func wantsQuickFix(only []protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(kind protocol.CodeActionKind) bool {
		return kind == "" || kind == protocol.QuickFix
	})
}

// findingsAt returns the findings in a document that a range touches: none if the
// text is not the one that was analysed, as they may be elsewhere or repaired by
// now. The caller holds the lock.
func (s *server) findingsAt(u uri.URI, at protocol.Range) (found []finding) {
	name, _ := goFile(u)
	d, r := s.docs[name], s.results[name]
	if d == nil || r == nil || !d.is(r.content) {
		return nil
	}
	for _, f := range r.findings {
		if touch(f.Range, at) {
			found = append(found, f)
		}
	}
	return found
}

// workspaceEdit returns the edits of a document in the form that the client
// understands: with its version, if possible, so that a client whose document has
// changed since does not apply them. The caller holds the lock.
func (s *server) workspaceEdit(u uri.URI, edits []protocol.TextEdit) *protocol.WorkspaceEdit {
	name, _ := goFile(u)
	if !s.can.versionedEdits {
		return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{u: edits}}
	}
	return &protocol.WorkspaceEdit{DocumentChanges: []protocol.TextDocumentEdit{{
		TextDocument: protocol.VersionedTextDocument{URI: u, Version: &s.docs[name].version},
		Edits:        edits,
	}}}
}
