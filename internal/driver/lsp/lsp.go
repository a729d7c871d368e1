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
// Messages are those of package protocol, which says why it exists; the
// connection is that of go.lsp.dev/jsonrpc2: released in 2026, BSD licence, and one
// requirement. The others: creachadair/jrpc2 requires a release of x/tools that
// gopls does not build with; sourcegraph/jsonrpc2 requires a library for
// websockets; golang.org/x/exp/jsonrpc2 is an experiment by its own account.
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
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
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
	conn := protocol.NewConn(out)
	s := newServer(cfg, conn)
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

// handler returns what is called for each message, in the order in which they
// come. A message that cannot be handled is answered with an error, or logged if
// it expects no answer; it does not end the connection, nor does a panic.
//
// A request is answered before the next message is read, so there is never one
// that could be cancelled: $/cancelRequest is ignored. The context that comes with
// a request is used again for another one, so nothing must be derived from it, as
// the library's own CancelHandler does.
func (s *server) handler() jsonrpc2.Handler {
	methods := s.methods()
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
		method, ok := methods[req.Method()]
		if !ok {
			return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "unknown method %q", req.Method())
		}
		return method(jsonrpc2.DetachContext(ctx), req.Params())
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
