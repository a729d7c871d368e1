// Package printable makes text that comes from analysed code fit to be printed.
//
// Names of files may contain anything but a slash and a zero, and an expression that a
// message quotes may hold a string literal with anything in it: a line break that begins
// what looks like another finding, a sequence that has the terminal change its title or
// its past lines, a character that turns the order of letters around. Whoever prints such
// text, and reads none of it back, has it go through [Text].
package printable

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns a text with what is no text in it, tabs excepted, as Go writes it in a
// string: control characters, line breaks, characters that are not seen, and bytes that
// are not UTF-8.
func Text(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !isText(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case isText(r):
			b.WriteRune(r)
		case r == utf8.RuneError:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

func isText(r rune) bool { return r == '\t' || r != utf8.RuneError && unicode.IsPrint(r) }
