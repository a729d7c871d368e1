// Package protocol has the messages of the Language Server Protocol, 3.17, that
// package lsp and its tests exchange: some thirty of its several hundred types,
// with the fields that are read or written. Names and texts are those of the
// specification, https://microsoft.github.io/language-server-protocol.
//
// A library would have been welcome, and there is a good one, go.lsp.dev/protocol
// v1.0.1. But its go.mod names golangci-lint as a tool, with two hundred
// requirements, and who adds concurlint to a module with "go get -tool" would have
// them all in the module graph: tried on a program that used yaml, color and pflag,
// it raised the versions of all three. A linter must not do that. It also made this
// program 5 MB larger. The other libraries have no links or related positions in
// diagnostics, or have had no release for years. The connection below,
// go.lsp.dev/jsonrpc2, and the addresses of files, go.lsp.dev/uri, are small and
// require next to nothing.
//
// Where the specification lets a value have one of several types, the type here is
// the one that is used, or any.
package protocol

import (
	"encoding/json"

	"go.lsp.dev/uri"
)

// Any is a value that is not looked into.
type Any = json.RawMessage

// A Position is a place in a text: a line, and units of UTF-16 in it, from zero.
type Position struct {
	Line      uint32 `json:"line"`
	Character uint32 `json:"character"`
}

// A Range is a part of a text. The end does not belong to it.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// A Location is a part of a file.
type Location struct {
	URI   uri.URI `json:"uri"`
	Range Range   `json:"range"`
}

// SeverityWarning is the severity of a finding.
const SeverityWarning = 2

// A Diagnostic is something that is wrong with a text.
type Diagnostic struct {
	Range              Range            `json:"range"`
	Severity           int              `json:"severity,omitzero"`
	Code               any              `json:"code,omitzero"` // a string or a number
	CodeDescription    *CodeDescription `json:"codeDescription,omitzero"`
	Source             string           `json:"source,omitzero"`
	Message            string           `json:"message"`
	RelatedInformation []Related        `json:"relatedInformation,omitzero"`
}

// A CodeDescription links to what explains a code.
type CodeDescription struct {
	Href uri.URI `json:"href"`
}

// Related is a place that has to do with a diagnostic.
type Related struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// PublishDiagnosticsParams are all diagnostics of a file.
type PublishDiagnosticsParams struct {
	URI         uri.URI      `json:"uri"`
	Version     *int32       `json:"version,omitzero"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// A TextEdit replaces a part of a text.
type TextEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

// A WorkspaceEdit is a change of files, in one of two forms.
type WorkspaceEdit struct {
	Changes         map[uri.URI][]TextEdit `json:"changes,omitzero"`
	DocumentChanges []TextDocumentEdit     `json:"documentChanges,omitzero"`
}

// A TextDocumentEdit is a change of a file in a certain version.
type TextDocumentEdit struct {
	TextDocument VersionedTextDocument `json:"textDocument"`
	Edits        []TextEdit            `json:"edits"`
}

// A CodeActionKind is a dotted name.
type CodeActionKind string

// QuickFix is the kind of action that repairs what a diagnostic says.
const QuickFix CodeActionKind = "quickfix"

// A CodeAction is a change that is offered.
type CodeAction struct {
	Title       string         `json:"title"`
	Kind        CodeActionKind `json:"kind,omitzero"`
	Diagnostics []Diagnostic   `json:"diagnostics,omitzero"`
	IsPreferred bool           `json:"isPreferred,omitzero"`
	Edit        *WorkspaceEdit `json:"edit,omitzero"`
}

// CodeActionParams ask for the actions in a range.
type CodeActionParams struct {
	TextDocument TextDocument      `json:"textDocument"`
	Range        Range             `json:"range"`
	Context      CodeActionContext `json:"context"`
}

// A CodeActionContext says what kinds of action are asked for: any if there are
// none.
type CodeActionContext struct {
	Diagnostics []Diagnostic     `json:"diagnostics"`
	Only        []CodeActionKind `json:"only,omitzero"`
}

// Kinds of text.
const (
	Markdown  = "markdown"
	PlainText = "plaintext"
)

// Markup is a text to show.
type Markup struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// HoverParams ask what to show at a position.
type HoverParams struct {
	TextDocument TextDocument `json:"textDocument"`
	Position     Position     `json:"position"`
}

// A Hover is what to show.
type Hover struct {
	Contents Markup `json:"contents"`
	Range    *Range `json:"range,omitzero"`
}

// A TextDocument names a file.
type TextDocument struct {
	URI uri.URI `json:"uri"`
}

// A VersionedTextDocument names a file in a version.
type VersionedTextDocument struct {
	URI     uri.URI `json:"uri"`
	Version *int32  `json:"version"`
}

// A TextDocumentItem is a file that is opened.
type TextDocumentItem struct {
	URI        uri.URI `json:"uri"`
	LanguageID string  `json:"languageId"`
	Version    int32   `json:"version"`
	Text       string  `json:"text"`
}

// DidOpenParams open a file.
type DidOpenParams struct {
	TextDocument TextDocumentItem `json:"textDocument"`
}

// DidChangeParams change the text of an open file.
type DidChangeParams struct {
	TextDocument   VersionedTextDocument `json:"textDocument"`
	ContentChanges []ContentChange       `json:"contentChanges"`
}

// A ContentChange is the new text, or, with a range, that of a part.
type ContentChange struct {
	Range *Range `json:"range,omitzero"`
	Text  string `json:"text"`
}

// DidSaveParams say that a file was saved.
type DidSaveParams struct {
	TextDocument TextDocument `json:"textDocument"`
}

// DidCloseParams close a file.
type DidCloseParams struct {
	TextDocument TextDocument `json:"textDocument"`
}
