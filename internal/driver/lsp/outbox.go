package lsp

import (
	"io"
	"sync"
	"time"
)

// An outbox is a connection whose writes do not wait for the other side. Without
// it, a client that writes a long message before it reads on, and a server that
// does the same, would wait for each other for ever.
type outbox struct {
	io.ReadWriteCloser

	mu     sync.Mutex
	queued []byte
	err    error         // of the last write
	closed bool          // no more is coming
	wake   chan struct{} // holds a value if something changed
	done   chan struct{} // closed when all is written, or nothing can be
}

// newOutbox returns an outbox in front of a connection. The caller calls drain.
func newOutbox(conn io.ReadWriteCloser) *outbox {
	o := &outbox{ReadWriteCloser: conn, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go o.send()
	return o
}

// Write queues what is to be written. The error is that of an earlier write.
func (o *outbox) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	o.queued = append(o.queued, p...)
	o.signal()
	return len(p), nil
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// send writes what is queued until drain is called or a write fails.
func (o *outbox) send() {
	defer close(o.done)
	for range o.wake {
		o.mu.Lock()
		batch, closed := o.queued, o.closed
		o.queued = nil
		o.mu.Unlock()
		if len(batch) > 0 {
			if _, err := o.ReadWriteCloser.Write(batch); err != nil {
				o.mu.Lock()
				o.err = err
				o.mu.Unlock()
				return
			}
		}
		if closed {
			return
		}
	}
}

// drain waits until all is written, but not for a client that has stopped to
// read.
func (o *outbox) drain(patience time.Duration) {
	o.mu.Lock()
	o.closed = true
	o.signal()
	o.mu.Unlock()
	select {
	case <-o.done:
	case <-time.After(patience):
	}
}
