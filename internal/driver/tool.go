package driver

import (
	"go/doc/comment"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/format"
)

// tool describes the program to those who read reports.
func (c *command) tool() format.Tool {
	t := format.Tool{Name: c.Name, Version: buildVersion(), URL: c.URL}
	for _, a := range c.Analyzers {
		t.Checks = append(t.Checks, describe(a))
	}
	return t
}

func describe(a *analysis.Analyzer) format.Check {
	summary, text := splitDoc(a)
	check := format.Check{Name: a.Name, Summary: summary, URL: a.URL}
	plain, markdown := docText(text)
	check.Text = strings.TrimSpace(summary + "\n\n" + plain)
	check.Markdown = strings.TrimSpace(summary + "\n\n" + markdown)
	return check
}

// docText returns the text of a doc comment as it is, and as Markdown.
func docText(text string) (plain, markdown string) {
	var parser comment.Parser
	printer := comment.Printer{TextCodePrefix: "    ", TextWidth: 80}
	printer.HeadingID = func(*comment.Heading) string { return "" }
	doc := parser.Parse(text)
	return string(printer.Text(doc)), string(printer.Markdown(doc))
}

// buildVersion returns the version of the program.
func buildVersion() string {
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			// A version made from a revision contains it already.
			if s.Key == "vcs.revision" && version == "(devel)" {
				version += " " + s.Value
			}
		}
	}
	return version
}
