//go:build proof

package badserver

import (
	"net"
	"net/http/httptest"
	"sync/atomic"
	"time"
)

// early calls f until it returns before n tasks are done.
func early(n int, f func(task func())) {
	for range 1000 {
		var done atomic.Int32
		f(func() {
			time.Sleep(time.Millisecond)
			done.Add(1)
		})
		if int(done.Load()) < n {
			panic("Wait returned early")
		}
	}
}

// oneConn is a listener that accepts once and is slow to say so.
type oneConn struct {
	net.Listener
	n      int
	accept chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if l.n++; l.n > 1 {
		return nil, net.ErrClosed
	}
	close(l.accept)
	time.Sleep(time.Millisecond)
	return nil, nil
}

func (l *oneConn) Close() error { return nil }

// claim: panic Wait returned early
func driveaccept() {
	early(1, func(task func()) {
		l := &oneConn{accept: make(chan struct{})}
		s := &Server{ln: l, handle: func(net.Conn) { task() }}
		s.Start()
		<-l.accept
		s.Close()
	})
}

// claim: panic Wait returned early
func driveServeHTTP() {
	early(1, func(task func()) {
		h := &Hook{call: func(string) { task() }}
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/a", nil))
		h.Shutdown()
	})
}
