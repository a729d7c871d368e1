//go:build proof

package badagain

import (
	"errors"
	"net/http/httptest"
	"time"
)

// claim: panic close of closed channel
func driveLoad() {
	b := NewBuffer()
	b.Put(1)
	b.Put(2)
	b.Close()
	for range 4 {
		<-b.Get()
		b.Load()
	}
}

// claim: panic close of closed channel
func driveFail() {
	g := NewGate()
	g.Fail(errors.New("one"))
	g.Fail(errors.New("two"))
}

// claim: panic close of closed channel
func driveQuit() {
	_, h := NewHandler()
	for range 2 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/quit", nil))
	}
}

// claim: panic close of closed channel
func driveDrain() {
	_, h := NewHandler()
	for range 2 {
		r := httptest.NewRequest("POST", "/drain", nil)
		r.Header.Set("Confirm", "yes")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// claim: panic close of closed channel
func driveStream() {
	s := NewStream()
	for range 2 {
		s.Start()
		s.Stop()
	}
	time.Sleep(time.Second)
}

// claim: panic close of closed channel
func drivePoller() {
	p := NewPoller()
	for range 2 {
		p.Start(func() { time.Sleep(time.Millisecond) })
		p.Stop()
	}
	time.Sleep(time.Second)
}
