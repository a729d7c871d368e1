// Package lsp is a language server that reports findings, to be run by an editor
// beside gopls, which knows no checks but its own.
//
// It is small because the go command does the work: when a file is opened or
// saved, the packages of the open files are analysed by package gocmd, as on the
// command line, so that the findings are the same and come out of the build cache
// where nothing has changed. What is in the editor and not saved is not analysed.
// One goroutine reads messages and answers them from what is known (server.go,
// answers.go); another one analyses (queue.go, analyse.go) and publishes:
//
//	didOpen, didSave → queue → go vet → results → publishDiagnostics
//	hover, codeAction          ←          results
//
// Many saves at a time become one analysis: the queue is a set of folders, and
// what comes in during a run waits for the next one. A run is not broken off by a
// save, or an editor that saves every second would never see a finding.
//
// The protocol's types and the connection are those of go.lsp.dev/protocol and
// go.lsp.dev/jsonrpc2: generated from the specification's own description of
// LSP 3.18, released in 2026, BSD licence, three modules in all. The others:
// creachadair/jrpc2 requires a release of x/tools that gopls does not build with;
// sourcegraph/jsonrpc2 and golang.org/x/exp/jsonrpc2 have no types, and those of
// sourcegraph/go-lsp are from before links and versions in diagnostics;
// tliron/glsp has had no release since 2024 and many dependencies.
package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"golang.org/x/tools/go/analysis"
)

// A Config says what the server serves.
type Config struct {
	Name    string // of the program: the source of diagnostics, and the section of settings
	Version string
	Tool    string // path of the program that go vet runs on each package

	Analyzers []*analysis.Analyzer

	// ToolFlags and BuildFlags are those of each analysis. Settings add to them.
	ToolFlags, BuildFlags []string

	// Ignore is a category of diagnostics that are no findings.
	Ignore string

	// Page returns the explanation of a check, as Markdown or as plain text.
	Page func(a *analysis.Analyzer, markdown bool) string

	// Log receives what concerns the server itself.
	Log io.Writer
}

// ErrNoShutdown says that the client ended the connection, or the server,
// without having asked it to shut down first.
var ErrNoShutdown = errors.New("the client left without a shutdown request")

// Serve talks to the client until it says exit, or leaves. It does not close the
// connection: the caller does, or ends the process. A read from the client may be
// under way until then.
func Serve(ctx context.Context, client io.ReadWriteCloser, cfg Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := newOutbox(client)
	defer out.drain(time.Second)
	conn := NewConn(out)
	s := newServer(cfg, protocol.ClientDispatcher(conn))
	conn.Go(ctx, s.handler())
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		s.work(ctx)
	}()

	select {
	case <-s.exit:
	case <-conn.Done():
	case <-ctx.Done():
	}
	cancel()
	<-worked
	if err := conn.Err(); err != nil {
		return err
	}
	if s.phase() != shutDown {
		return ErrNoShutdown
	}
	return nil
}

// NewConn returns a connection of the protocol.
func NewConn(peer io.ReadWriteCloser) jsonrpc2.Conn {
	return jsonrpc2.NewConn(stream{jsonrpc2.NewHeaderStream(peer).(frames)}, jsonrpc2.WithCodec(codec{}))
}

// frames is what the connection reads messages from.
type frames interface {
	jsonrpc2.Stream
	ReadFrame(context.Context) ([]byte, int64, error)
	WriteFrame(context.Context, []byte) (int64, error)
}

// A stream answers messages that are none, which would end the connection.
type stream struct{ frames }

// ReadFrame returns the next message.
func (s stream) ReadFrame(ctx context.Context) ([]byte, int64, error) {
	for {
		frame, n, err := s.frames.ReadFrame(ctx)
		if err != nil {
			return nil, n, err
		}
		_, err = jsonrpc2.DecodeMessage(frame)
		if err == nil {
			return frame, n, nil
		}
		reason := jsonrpc2.Errorf(jsonrpc2.ParseError, "not a message: %v", err)
		if _, err := s.Write(ctx, jsonrpc2.NewResponse(jsonrpc2.ID{}, nil, reason)); err != nil {
			return nil, n, err
		}
	}
}

// codec encodes what messages carry. It is that of package protocol, which has it
// only together with handlers that run in no order, while notifications about
// documents have to be handled in theirs.
type codec struct{}

// Marshal returns the JSON text of a value of the protocol.
func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok && raw != nil {
		return raw, nil
	}
	return protocol.Marshal(v)
}

// Unmarshal stores what the JSON text says in v.
func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = append(jsonrpc2.RawMessage(nil), data...)
		return nil
	}
	return protocol.Unmarshal(data, v)
}

// handler returns what is called for each message, in the order in which they
// come. A message that cannot be handled is answered with an error, or logged if
// it expects no answer; it does not end the connection, nor does a panic.
//
// A request is answered before the next message is read, so there is never one
// that could be cancelled: $/cancelRequest is ignored. The context that comes with
// a request is used again for another one, so nothing must be derived from it, as
// the cancel handlers of the two packages do.
func (s *server) handler() jsonrpc2.Handler {
	dispatch := protocol.ServerHandler(s, nil)
	return func(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
		defer func() {
			if v := recover(); v != nil {
				s.log.Printf("panic in %s: %v\n%s", req.Method(), v, debug.Stack())
				result, err = nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "internal error in %s: %v", req.Method(), v)
			}
			if err != nil && !req.IsCall() {
				if !optional(req.Method()) {
					s.log.Printf("%s: %v", req.Method(), err)
				}
				err = nil
			}
		}()
		if err := s.phase().accepts(req); err != nil {
			return nil, err
		}
		result, err = dispatch(jsonrpc2.DetachContext(ctx), req)
		if errors.Is(err, jsonrpc2.ErrParse) {
			err = jsonrpc2.Errorf(jsonrpc2.InvalidParams, "parameters of %s: %v", req.Method(), err)
		}
		return result, err
	}
}

// optional reports whether a server may ignore notifications of the method.
func optional(method string) bool {
	return len(method) > 1 && method[:2] == "$/"
}

// A phase is how far a connection has come.
type phase int

const (
	connected   phase = iota // and nothing else
	initialized              // the normal state
	shutDown                 // waiting for exit
)

// accepts returns an error if a message must not be handled in the phase.
func (p phase) accepts(req *jsonrpc2.Request) error {
	switch method := req.Method(); {
	case method == protocol.MethodExit:
		return nil
	case p == connected && method != protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the first request has to be initialize")
	case p == initialized && method == protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize was requested already")
	case p == shutDown:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shut down")
	}
	return nil
}

// logger returns the logger of a server.
func (cfg Config) logger() *log.Logger {
	w := cfg.Log
	if w == nil {
		w = io.Discard
	}
	return log.New(w, fmt.Sprintf("%s: ", cfg.Name), log.LstdFlags)
}
