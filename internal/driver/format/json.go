package format

import (
	"encoding/json"
	"io"

	"github.com/concurlint/concurlint/internal/trace"
)

// jsonFormat writes one JSON object. Its schema is described in
// docs/reports.md; a change that breaks readers needs another version.
type jsonFormat struct{}

const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Tool     jsonTool      `json:"tool"`
	Root     string        `json:"root"`
	Packages int           `json:"packages"`
	Findings []jsonFinding `json:"findings"`
	Failures []string      `json:"failures"`
	Stats    *jsonStats    `json:"stats,omitempty"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

type jsonFinding struct {
	Check       string `json:"check"`
	Message     string `json:"message"`
	URL         string `json:"url,omitempty"`
	Package     string `json:"package"`
	Function    string `json:"function,omitempty"`
	Fingerprint string `json:"fingerprint"`
	jsonPlace
	Story []jsonNote `json:"story"`
	Trace *jsonTrace `json:"trace,omitempty"`
	Fix   *jsonFix   `json:"fix,omitempty"`
}

type jsonNote struct {
	Message string `json:"message"`
	jsonPlace
}

type jsonTrace struct {
	Goroutines []jsonLane `json:"goroutines"`
	Steps      []jsonStep `json:"steps"`
}

type jsonLane struct {
	Name string `json:"name"`
	jsonPlace
}

type jsonStep struct {
	Kind      trace.Kind `json:"kind"`
	Goroutine int        `json:"goroutine"`
	To        *int       `json:"to,omitempty"`
	Text      string     `json:"text"`
	Here      bool       `json:"here,omitempty"`
	jsonPlace
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

type jsonStats struct {
	Findings map[string]int `json:"findings"`
	GaveUp   []jsonGaveUp   `json:"gaveUp"`
	Known    int            `json:"known"`
	Stale    []string       `json:"stale"`
	Seconds  float64        `json:"seconds"`
}

type jsonGaveUp struct {
	Part     string `json:"part"`
	Reason   string `json:"reason"`
	Times    int    `json:"times"`
	Packages int    `json:"packages"`
}

func (jsonFormat) Write(w io.Writer, r *Report) error {
	out := jsonReport{
		Version: jsonVersion, Tool: jsonTool{r.Tool.Name, r.Tool.Version}, Root: r.Root, Packages: r.Packages,
		Findings: []jsonFinding{}, Failures: append([]string{}, r.Failures...),
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, newJSONFinding(r, f))
	}
	if s := r.Stats; s != nil {
		out.Stats = &jsonStats{
			Findings: s.Findings, GaveUp: []jsonGaveUp{}, Known: s.Known,
			Stale: append([]string{}, s.Stale...), Seconds: s.Elapsed.Seconds(),
		}
		for _, g := range s.GaveUp {
			out.Stats.GaveUp = append(out.Stats.GaveUp, jsonGaveUp(g))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func newJSONFinding(r *Report, f Finding) jsonFinding {
	place := func(p Place) jsonPlace {
		return jsonPlace{r.path(p.File), p.Line, p.Column, p.EndLine, p.EndColumn}
	}
	out := jsonFinding{
		Check: f.Check, Message: f.Message, URL: r.Tool.check(f.Check).URL, Package: f.Package,
		Function: f.Function, Fingerprint: f.Fingerprint, jsonPlace: place(f.At), Story: []jsonNote{},
	}
	for _, n := range f.Story {
		out.Story = append(out.Story, jsonNote{n.Message, place(n.At)})
	}
	if len(f.Steps) > 0 {
		out.Trace = &jsonTrace{}
		for _, l := range f.Lanes {
			out.Trace.Goroutines = append(out.Trace.Goroutines, jsonLane{l.Message, place(l.At)})
		}
		for _, s := range f.Steps {
			step := jsonStep{Kind: s.Kind, Goroutine: s.Goroutine, Text: s.Text, Here: s.Here, jsonPlace: place(s.At)}
			if s.Kind == trace.Start || s.Kind == trace.Pass {
				step.To = &s.To
			}
			out.Trace.Steps = append(out.Trace.Steps, step)
		}
	}
	if f.Fix != nil {
		out.Fix = &jsonFix{Message: f.Fix.Message}
		for _, e := range f.Fix.Edits {
			out.Fix.Edits = append(out.Fix.Edits, jsonEdit{r.path(e.File), e.Start, e.End, e.New})
		}
	}
	return out
}
