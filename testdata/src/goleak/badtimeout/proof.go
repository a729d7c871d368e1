//go:build proof

package badtimeout

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

// claim: leak Client.Quote
func driveQuote() { NewClient(slowBackend{}, 5*time.Millisecond).Quote(context.Background(), "X") }

// claim: leak Ping
func drivePing() {
	Ping(func(string) error { time.Sleep(40 * time.Millisecond); return nil }, "db:5432")
}

// claim: leak Within
func driveWithin() {
	Uptime(func() (time.Duration, error) { time.Sleep(30 * time.Millisecond); return 0, nil })
}

// claim: leak Copy
func driveCopy() { Copy(soon(), new(bytes.Buffer), slowReader{}) }

// claim: leak Fetch
func driveFetchBody() {
	Fetch(soon(), "/", func(context.Context, string) ([]byte, error) {
		time.Sleep(30 * time.Millisecond)
		return nil, nil
	})
}

// claim: leak Fetch
func driveFetchError() {
	Fetch(soon(), "/", func(context.Context, string) ([]byte, error) {
		time.Sleep(30 * time.Millisecond)
		return nil, ErrTimeout
	})
}

// claim: leak Migrator.step
func driveMigrator() {
	m := NewMigrator(func(string) error { time.Sleep(30 * time.Millisecond); return nil })
	time.AfterFunc(5*time.Millisecond, m.Cancel)
	m.Run([]string{"users", "orders"})
}

// claim: leak Limited
func driveLimited() {
	h := Limited(5*time.Millisecond, func(*http.Request) string { time.Sleep(30 * time.Millisecond); return "" })
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// claim: leak AwaitReady
func driveAwaitReady() {
	start := time.Now()
	AwaitReady(func() bool { return time.Since(start) > 50*time.Millisecond }, 2)
}

// claim: leak Shutdown
func driveShutdown() {
	Shutdown(new(http.Server), func() { time.Sleep(40 * time.Millisecond) }, 5*time.Millisecond)
}
