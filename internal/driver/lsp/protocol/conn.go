package protocol

import (
	"context"
	"io"

	"go.lsp.dev/jsonrpc2"
)

// Names of methods that are more than a name to a server.
const (
	MethodInitialize = "initialize"
	MethodExit       = "exit"
)

// NewConn returns a connection over which messages are exchanged.
func NewConn(peer io.ReadWriteCloser) jsonrpc2.Conn {
	return jsonrpc2.NewConn(stream{jsonrpc2.NewHeaderStream(peer).(frames)})
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

// A Method handles the parameters of a message.
type Method func(ctx context.Context, params jsonrpc2.RawMessage) (result any, err error)

// Request returns the method that is implemented by a function with a result.
func Request[P, R any](f func(context.Context, *P) (R, error)) Method {
	return func(ctx context.Context, raw jsonrpc2.RawMessage) (any, error) {
		params := new(P)
		if len(raw) > 0 {
			if err := jsonrpc2.DefaultCodec.Unmarshal(raw, params); err != nil {
				return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "parameters: %v", err)
			}
		}
		return f(ctx, params)
	}
}

// Notification returns the method that is implemented by a function without a
// result.
func Notification[P any](f func(context.Context, *P) error) Method {
	return Request(func(ctx context.Context, params *P) (any, error) { return nil, f(ctx, params) })
}

// Call sends a request and waits for its result.
func Call[R any](ctx context.Context, conn jsonrpc2.Conn, method string, params any) (result R, err error) {
	_, err = conn.Call(ctx, method, params, &result)
	return result, err
}
