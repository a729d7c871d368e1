//go:build proof

package badstore

import (
	"context"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// live is a call that must get a context which is not yet cancelled.
func live(ctx context.Context) error {
	if ctx.Err() != nil {
		crash("context already cancelled")
	}
	return nil
}

func pass(context.Context, string) error { return nil }

var (
	bg  = context.Background()
	two = []string{"a", "b"}
)

// claim: panic context already cancelled
func driveClose() {
	w := NewWriter(bg, pass, live)
	w.Write("a")
	w.Close()
}

// claim: panic context already cancelled
func drivefinishImport() {
	(&importer{load: pass, commit: live}).Import(bg, two)
}

// claim: panic context already cancelled
func driveInOptions() {
	InOptions(bg, two, pass, func(ctx context.Context, _ bool) error { return live(ctx) })
}

// claim: panic context already cancelled
func drivefinish() { Publish(bg, two, pass, live) }

// claim: panic context already cancelled
func driveArchive() { Archive(bg, two, pass, []func(context.Context) error{live}) }

// claim: panic context already cancelled
func driveBatch() {
	b := NewBatch(bg, pass, live)
	b.Add("a")
	b.Close()
}
