package report_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/report"
)

func TestParseDirective(t *testing.T) {
	own := func(names []string, reason, problem string) *report.Directive {
		return &report.Directive{Form: report.Ignore, Names: names, Reason: reason, Problem: problem}
	}
	const (
		noCheck  = "directive names no check: write //concurlint:ignore CHECK REASON"
		noReason = "directive gives no reason and has no effect: write //concurlint:ignore chanclose REASON"
	)
	tests := []struct {
		text string
		want *report.Directive // nil: not a directive
	}{
		{"//concurlint:ignore chanclose closed by the peer", own([]string{"chanclose"}, "closed by the peer", "")},
		{"//concurlint:ignore chanclose,wgadd  both \t fine", own([]string{"chanclose", "wgadd"}, "both fine", "")},
		{"//concurlint:ignore chanclose, wgadd both fine", own([]string{"chanclose", "wgadd"}, "both fine", "")},
		{"//concurlint:ignore chanclose see https://x.org/y", own([]string{"chanclose"}, "see https://x.org/y", "")},
		{"//concurlint:ignore chanclose fine // for now", own([]string{"chanclose"}, "fine", "")},
		{"//concurlint:ignore", own(nil, "", noCheck)},
		{"//concurlint:ignore ,, x", own([]string{"x"}, "", strings.Replace(noReason, "chanclose", "x", 1))},
		{"//concurlint:ignore chanclose", own([]string{"chanclose"}, "", noReason)},
		{"//concurlint:ignore chanclose // later", own([]string{"chanclose"}, "", noReason)},
		{"//concurlint:ignored x y", own(nil, "", "unknown directive //concurlint:ignored: only //concurlint:ignore exists")},
		{"//concurlint:", own(nil, "", "unknown directive //concurlint:: only //concurlint:ignore exists")},
		{"// concurlint:ignore x y", own(nil, "", "directive starts with a space: write //concurlint:ignore")},
		{"// The directive concurlint:ignore x y", nil},
		{"/*concurlint:ignore x y*/", nil},
		{"//lint:ignore SA1000,wgadd why", &report.Directive{Form: report.LintIgnore, Names: []string{"SA1000", "wgadd"}, Reason: "why"}},
		{"//lint:file-ignore wg* why", &report.Directive{Form: report.LintFileIgnore, Names: []string{"wg*"}, Reason: "why"}},
		{"//lint:ignored x y", nil},
		{"// lint:ignore x y", nil},
		{"//nolint", &report.Directive{Form: report.NoLint}},
		{"// nolint // why", &report.Directive{Form: report.NoLint}},
		{"//nolint:all", &report.Directive{Form: report.NoLint}},
		{"//nolint:gosec, Concurlint // why", &report.Directive{Form: report.NoLint, Names: []string{"gosec", "concurlint"}}},
		{"//nolinter", nil},
		{"//", nil},
		{"", nil},
	}
	for _, test := range tests {
		got, ok := report.ParseDirective(test.text)
		switch {
		case ok != (test.want != nil):
			t.Errorf("%q: directive = %t", test.text, ok)
		case !ok:
		case got.Form == report.Ignore || got.Problem == "":
			if !reflect.DeepEqual(&got, test.want) {
				t.Errorf("%q:\n got %+v\nwant %+v", test.text, got, *test.want)
			}
		}
	}
	if d, ok := report.ParseDirective("//lint:ignore wgadd"); !ok || d.Problem == "" {
		t.Error("lint:ignore without reason has no problem")
	}
}

// TestSuppresses runs over files in which each line names, in a comment that
// starts with "silent:", the checks that are silent there.
func TestSuppresses(t *testing.T) {
	tests := []struct{ name, src string }{
		{"on the line", `package p
func f() {
	a() //concurlint:ignore one reason // silent: one
	b() // silent:
}`},
		{"on the line above", `package p
func f() {
	//concurlint:ignore one,two reason
	a( // silent: one two
		b, // silent:
	)
}`},
		{"stacked", `package p
func f() {
	//concurlint:ignore one reason
	// And another comment.
	//lint:ignore t* reason
	a() // silent: one two
	b() // silent:
}`},
		{"blank line between", `package p
func f() {
	//concurlint:ignore one reason

	a() // silent:
}`},
		{"no reason", `package p
func f() {
	//concurlint:ignore one
	a() // silent:
	b() //lint:ignore one // silent:
}`},
		{"behind a brace", `package p
func f() {
	if x { //concurlint:ignore one reason // silent: one
		a() // silent:
	} //concurlint:ignore two reason // silent: two
	b() // silent:
}`},
		{"behind a parenthesis", `package p
func f(
	a int, //concurlint:ignore one reason // silent: one
) { //concurlint:ignore one reason // silent: one
	b( //concurlint:ignore two reason // silent: two
	) // silent:
}`},
		{"nolint on the line", `package p
func f() {
	go func() { //nolint // silent: one two
		a() // silent:
	}()
}`},
		{"nolint of the following statement", `package p
func f() {
	//nolint:concurlint // why
	go func() { // silent: one two
		a() // silent: one two
	}() // silent: one two
	b() // silent:
}`},
		{"nolint at another column", `package p
func f() {
		//nolint:concurlint
	go func() { // silent: one two
		a() // silent:
	}()
}`},
		{"nolint of a declaration", `package p

// F does.
//
//nolint:gosec,concurlint
func f() { // silent: one two
	a() // silent: one two
} // silent: one two

func g() { // silent:
}`},
		{"nolint of others", `package p
func f() {
	a() //nolint:gosec // silent:
	b() //nolint:two // silent: two
}`},
		{"nolint of the file", `// Package p does.
//
//nolint:concurlint
package p // silent: one two
func f() {
	a() // silent: one two
}`},
		{"nolint behind the package clause", `package p //nolint // silent: one two
func f() {
	a() // silent: one two
}`},
		{"file-ignore", `package p
func f() {
	a() // silent: one
}
//lint:file-ignore one reason`},
		{"line directives are not followed", `package p
func f() {
//line other.go:100
	a() //concurlint:ignore one reason // silent: one
//line other.go:100
	b() // silent:
}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, "p.go", test.src, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			directives := report.ReadDirectives(fset, files(file))
			tokFile := fset.File(file.FileStart)
			for i, line := range strings.Split(test.src, "\n") {
				_, want, ok := strings.Cut(line, "// silent:")
				if !ok {
					continue
				}
				var silent []string
				for _, check := range []string{"one", "two"} {
					for _, d := range directives {
						if d.Suppresses(check, fset, tokFile.LineStart(i+1)) {
							silent = append(silent, check)
							break
						}
					}
				}
				if got := strings.Join(silent, " "); got != strings.TrimSpace(want) {
					t.Errorf("line %d: silent: %q, want %q", i+1, got, strings.TrimSpace(want))
				}
			}
		})
	}
}

// FuzzDirectives looks for comments that crash the parser, and for directives
// that cover lines before themselves though they are not about the file.
func FuzzDirectives(f *testing.F) {
	for _, s := range []string{
		"//concurlint:ignore a,b reason", "//nolint:concurlint // why", "//lint:ignore [ x", "//lint:file-ignore a b",
		"//nolint:,", "//concurlint:ignore ,", "///nolint", "//\u00a0nolint", "/* */ //nolint:all",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, above, behind string) {
		if d, ok := report.ParseDirective(above); ok && d.Form == report.Ignore && d.Problem == "" {
			if len(d.Names) == 0 || d.Reason == "" {
				t.Errorf("%q: well-formed without name or reason", above)
			}
		}
		src := fmt.Sprintf("package p\n\nfunc f() {\n\ta()\n\t%s\n\tb() %s\n}\n", above, behind)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
		if err != nil {
			return
		}
		for _, d := range report.ReadDirectives(fset, files(file)) {
			d.Suppresses("wgadd", fset, file.Package)
			if line := fset.Position(d.Pos).Line; d.Form != report.LintFileIgnore && d.From < line {
				t.Errorf("directive on line %d covers line %d", line, d.From)
			}
		}
	})
}
