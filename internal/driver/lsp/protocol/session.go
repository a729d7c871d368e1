package protocol

import "go.lsp.dev/uri"

// InitializeParams start a conversation.
type InitializeParams struct {
	ProcessID             *int32             `json:"processId"`
	RootURI               *uri.URI           `json:"rootUri"`
	Capabilities          ClientCapabilities `json:"capabilities"`
	InitializationOptions Any                `json:"initializationOptions,omitzero"`
	WorkspaceFolders      []WorkspaceFolder  `json:"workspaceFolders,omitzero"`
}

// ClientCapabilities say what a client understands.
type ClientCapabilities struct {
	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation     bool `json:"relatedInformation,omitzero"`
			CodeDescriptionSupport bool `json:"codeDescriptionSupport,omitzero"`
			VersionSupport         bool `json:"versionSupport,omitzero"`
		} `json:"publishDiagnostics,omitzero"`
		CodeAction struct {
			CodeActionLiteralSupport *LiteralSupport `json:"codeActionLiteralSupport,omitzero"`
		} `json:"codeAction,omitzero"`
		Hover struct {
			ContentFormat []string `json:"contentFormat,omitzero"`
		} `json:"hover,omitzero"`
	} `json:"textDocument,omitzero"`
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges,omitzero"`
		} `json:"workspaceEdit,omitzero"`
		Configuration bool `json:"configuration,omitzero"`
	} `json:"workspace,omitzero"`
	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress,omitzero"`
	} `json:"window,omitzero"`
}

// LiteralSupport says that a client understands a CodeAction, and not only
// commands.
type LiteralSupport struct {
	CodeActionKind struct {
		ValueSet []CodeActionKind `json:"valueSet"`
	} `json:"codeActionKind"`
}

// InitializeResult says what a server can do.
type InitializeResult struct {
	Capabilities ServerCapabilities `json:"capabilities"`
	ServerInfo   ServerInfo         `json:"serverInfo,omitzero"`
}

// ServerInfo is the name of a server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitzero"`
}

// SyncFull asks for whole texts when a document changes.
const SyncFull = 1

// ServerCapabilities are those of the server of package lsp. Other servers have
// more, and some in other forms, so clients do not read them.
type ServerCapabilities struct {
	TextDocumentSync   SyncOptions       `json:"textDocumentSync"`
	HoverProvider      bool              `json:"hoverProvider"`
	CodeActionProvider CodeActionOptions `json:"codeActionProvider"`
	Workspace          WorkspaceOptions  `json:"workspace"`
}

// SyncOptions say what a server wants to know of documents.
type SyncOptions struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
	Save      bool `json:"save"`
}

// CodeActionOptions say which kinds of actions there are.
type CodeActionOptions struct {
	CodeActionKinds []CodeActionKind `json:"codeActionKinds"`
}

// WorkspaceOptions are about folders.
type WorkspaceOptions struct {
	WorkspaceFolders FolderOptions `json:"workspaceFolders"`
}

// FolderOptions say whether there may be several folders, which may change.
type FolderOptions struct {
	Supported           bool `json:"supported"`
	ChangeNotifications bool `json:"changeNotifications"`
}

// A WorkspaceFolder is a folder that is open.
type WorkspaceFolder struct {
	URI  uri.URI `json:"uri"`
	Name string  `json:"name"`
}

// DidChangeFoldersParams change which folders are open.
type DidChangeFoldersParams struct {
	Event struct {
		Added   []WorkspaceFolder `json:"added"`
		Removed []WorkspaceFolder `json:"removed"`
	} `json:"event"`
}

// DidChangeConfigurationParams are new settings.
type DidChangeConfigurationParams struct {
	Settings Any `json:"settings"`
}

// ConfigurationParams ask for settings.
type ConfigurationParams struct {
	Items []ConfigurationItem `json:"items"`
}

// A ConfigurationItem is a section of the settings.
type ConfigurationItem struct {
	Section string `json:"section,omitzero"`
}

// A MessageType says how important a message is.
type MessageType int

// The types of messages.
const (
	MessageError   MessageType = 1
	MessageWarning MessageType = 2
	MessageInfo    MessageType = 3
)

// MessageParams are a message to the user, or to a log.
type MessageParams struct {
	Type    MessageType `json:"type"`
	Message string      `json:"message"`
}

// ProgressTokenParams name something that is going on.
type ProgressTokenParams struct {
	Token any `json:"token"` // a string or a number
}

// ProgressParams tell how it is going.
type ProgressParams struct {
	Token any          `json:"token"`
	Value WorkProgress `json:"value"`
}

// WorkProgress is the begin, a report or the end of work.
type WorkProgress struct {
	Kind        string  `json:"kind"`
	Title       string  `json:"title,omitzero"`
	Cancellable bool    `json:"cancellable,omitzero"`
	Message     string  `json:"message,omitzero"`
	Percentage  *uint32 `json:"percentage,omitzero"`
}

// None are the parameters of a message without any.
type None struct{}
