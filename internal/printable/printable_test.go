package printable_test

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/printable"
)

func TestText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"a sentence: häß 世界 🙂", "a sentence: häß 世界 🙂"},
		{"a\tb", "a\tb"},
		{"a\nb\r", `a\nb\r`},
		{"\x1b[31mred\x1b]0;title\a", `\x1b[31mred\x1b]0;title\a`},
		{"\u009b31m", `\u009b31m`}, // the same as one character
		{"abc\u202edcb\u2066", `abc\u202edcb\u2066`},
		{"zero\u200bwidth", `zero\u200bwidth`},
		{"\x80\xfe", `\x80\xfe`},
		{"\ufffd", `\xef`}, // cannot be told from what is no UTF-8
		{"\x00", `\x00`},
		{"line\u2028paragraph\u2029", `line\u2028paragraph\u2029`},
		{strings.Repeat("x", 5000), strings.Repeat("x", 5000)},
	}
	for _, test := range tests {
		if got := printable.Text(test.text); got != test.want {
			t.Errorf("%q: %q, not %q", test.text, got, test.want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[0m\u202e\xff\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := printable.Text(s)
		if again := printable.Text(got); again != got {
			t.Errorf("%q becomes %q, and that %q", s, got, again)
		}
		for _, r := range got {
			if r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e {
				t.Errorf("%q has %q in it", got, r)
			}
		}
	})
}
