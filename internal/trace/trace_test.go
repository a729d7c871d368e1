package trace_test

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/trace"
)

// TestEncode: what was encoded is decoded, on one line.
func TestEncode(t *testing.T) {
	for _, s := range []trace.Step{
		{Kind: trace.Lane, Text: "main"},
		{Kind: trace.Pass, Goroutine: 2, To: 1, Text: "send on \"x\"\n</script>"},
		{Kind: trace.Stuck, Goroutine: 1, Text: "receive from ä", Here: true},
	} {
		message := trace.Encode(s)
		if strings.Contains(message, "\n") {
			t.Errorf("several lines: %q", message)
		}
		if got, ok := trace.Decode(message); !ok || got != s {
			t.Errorf("%q is decoded as %+v, %t", message, got, ok)
		}
	}
}

// TestDecodeWords: what people read is no step.
func TestDecodeWords(t *testing.T) {
	for _, message := range []string{"", "the channel is made here", "concurlint-trace", "concurlint-trace {"} {
		if s, ok := trace.Decode(message); ok {
			t.Errorf("%q is decoded as %+v", message, s)
		}
	}
}
