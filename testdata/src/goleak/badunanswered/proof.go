//go:build proof

package badunanswered

import "context"

// claim: deadlock Stop
func driveLoop() {
	l := NewLoop(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	l.Open()
	l.Run(context.Background())
	l.Stop()
}

// claim: deadlock Watch
func driveWatch() { Watch(func(string) {}) }
