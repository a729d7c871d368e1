package format

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// githubFormat prints workflow commands, which GitHub shows as annotations of
// the changed lines. It shows ten of a step at most.
type githubFormat struct{}

func (githubFormat) Write(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprint(out, "::error ")
		if f.At.File != "" {
			fmt.Fprintf(out, "file=%s,line=%d,endLine=%d,", githubProperty(r.path(f.At.File)), f.At.Line, max(f.At.Line, f.At.EndLine))
			// GitHub rejects columns of a range over several lines.
			if f.At.EndLine == f.At.Line && f.At.EndColumn > f.At.Column {
				fmt.Fprintf(out, "col=%d,endColumn=%d,", f.At.Column, f.At.EndColumn)
			}
		}
		fmt.Fprintf(out, "title=%s::%s\n", githubProperty(r.Tool.Name+" "+f.Check), githubData(githubText(r, f)))
	}
	for _, failure := range r.Failures {
		fmt.Fprintf(out, "::error title=%s::%s\n", githubProperty(r.Tool.Name), githubData(failure))
	}
	return out.Flush()
}

// githubText is the message with its story, a line each.
func githubText(r *Report, f Finding) string {
	var b strings.Builder
	b.WriteString(f.Message)
	for _, n := range f.Story {
		fmt.Fprintf(&b, "\n%s:%d: %s", r.path(n.At.File), n.At.Line, n.Message)
	}
	return b.String()
}

// githubData escapes the text of a command, githubProperty the value of one of
// its properties, as the runner's own toolkit does. What else is no text is written as
// Go escapes: the log of a workflow is a terminal to many.
func githubData(s string) string {
	return visible(strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s))
}

func githubProperty(s string) string {
	return visible(strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s))
}
