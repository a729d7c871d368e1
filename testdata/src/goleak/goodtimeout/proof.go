//go:build proof

package goodtimeout

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"time"
)

type slowBackend struct{}

func (slowBackend) Quote(_ context.Context, s string) (Quote, error) {
	time.Sleep(30 * time.Millisecond)
	return Quote{Symbol: s}, nil
}

type slowReader struct{}

func (slowReader) Read([]byte) (int, error) {
	time.Sleep(30 * time.Millisecond)
	return 0, http.ErrBodyReadAfterClose
}

func soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	time.AfterFunc(time.Second, cancel)
	return ctx
}

// claim: none
func driveQuote() { NewClient(slowBackend{}, 5*time.Millisecond).Quote(context.Background(), "X") }

// claim: none
func drivePing() {
	Ping(func(string) error { time.Sleep(40 * time.Millisecond); return nil }, "db:5432")
}

// claim: none
func driveWithin() {
	Uptime(func() (time.Duration, error) { time.Sleep(30 * time.Millisecond); return 0, nil })
}

// claim: none
func driveCopy() { Copy(soon(), new(bytes.Buffer), slowReader{}) }

// claim: none
func driveFetchBody() {
	Fetch(soon(), "/", func(context.Context, string) ([]byte, error) {
		time.Sleep(30 * time.Millisecond)
		return nil, nil
	})
}

// claim: none
func driveFetchError() {
	Fetch(soon(), "/", func(context.Context, string) ([]byte, error) {
		time.Sleep(30 * time.Millisecond)
		return nil, ErrTimeout
	})
}

// claim: none
func driveMigrator() {
	m := NewMigrator(func(string) error { time.Sleep(30 * time.Millisecond); return nil })
	time.AfterFunc(5*time.Millisecond, m.Cancel)
	m.Run([]string{"users", "orders"})
}

// claim: none
func driveLimited() {
	h := Limited(5*time.Millisecond, func(*http.Request) string { time.Sleep(30 * time.Millisecond); return "" })
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// claim: none
func driveAwaitReady() {
	start := time.Now()
	AwaitReady(func() bool { return time.Since(start) > 50*time.Millisecond }, 2)
}

// claim: none
func driveShutdown() {
	Shutdown(new(http.Server), func() { time.Sleep(40 * time.Millisecond) }, 5*time.Millisecond)
}
