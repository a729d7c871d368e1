package lsptest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// Await waits until the server has said what holds is true for, and fails the
// test if that takes too long.
func (e *Editor) Await(what string, holds func(*Seen) bool) {
	e.t.Helper()
	stop := time.AfterFunc(timeout, e.changed.Broadcast)
	defer stop.Stop()
	deadline := time.Now().Add(timeout)
	e.mu.Lock()
	defer e.mu.Unlock()
	for !holds(&e.seen) {
		if time.Now().After(deadline) {
			e.t.Fatalf("waited for %s; seen: %s", what, e.seen.describe())
		}
		e.changed.Wait()
	}
}

// AwaitCodes waits until the diagnostics of a file have the codes, in order, and
// returns them.
func (e *Editor) AwaitCodes(name string, codes ...string) (got []protocol.Diagnostic) {
	e.t.Helper()
	e.Await(fmt.Sprintf("%s to have %q", name, codes), func(s *Seen) bool {
		got = s.Diagnostics[name]
		return s.Published[name] > 0 && slices.Equal(Codes(got), codes)
	})
	return got
}

// AwaitIdle waits until as many runs have ended as were begun, at least n.
func (e *Editor) AwaitIdle(n int) {
	e.t.Helper()
	e.Await(fmt.Sprintf("the end of run %d", n), func(s *Seen) bool {
		ends := count(s.Progress, "end")
		return ends >= n && ends == count(s.Progress, "create")
	})
}

func count(list []string, word string) (n int) {
	for _, s := range list {
		if s == word {
			n++
		}
	}
	return n
}

// Codes returns the codes of diagnostics.
func Codes(list []protocol.Diagnostic) []string {
	var codes []string
	for _, d := range list {
		codes = append(codes, fmt.Sprint(d.Code))
	}
	return codes
}

// Look calls f with what the server said so far.
func (e *Editor) Look(f func(*Seen)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(&e.seen)
}

// describe returns what was seen, for a message.
func (s *Seen) describe() string {
	var b strings.Builder
	for name, list := range s.Diagnostics {
		fmt.Fprintf(&b, "\n%s: %q, published %d times", name, Codes(list), s.Published[name])
	}
	fmt.Fprintf(&b, "\nshown: %q\nlogged: %q\nprogress: %q", s.Shown, s.Logged, s.Progress)
	return b.String()
}
