package format

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/internal/trace"
)

// sarifFormat writes SARIF 2.1.0 (sarifmodel.go has its types). What it relies on
// of the readers, found with GitHub's code scanning and the editors' viewers in
// mind: locations are relative to %SRCROOT%, the top of the repository; columns
// are UTF-16 code units; a result keeps its identity by its partial fingerprint.
type sarifFormat struct{}

const (
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot    = "%SRCROOT%"
	sarifPrint   = "concurlint/v1" // of partialFingerprints
	sarifWarning = "warning"
)

func (sarifFormat) Write(w io.Writer, r *Report) error {
	s := &sarifWriter{r: r}
	log := sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{s.run()}}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(log)
}

type sarifWriter struct{ r *Report }

func (s *sarifWriter) run() sarifRun {
	t := s.r.Tool
	driver := sarifDriver{Name: t.Name, Version: t.Version, InformationURI: t.URL, Rules: []sarifRule{}}
	for _, c := range t.Checks {
		driver.Rules = append(driver.Rules, sarifRule{
			ID: c.Name, Name: c.Name,
			ShortDescription:     sarifMessage{Text: c.Summary},
			FullDescription:      sarifMessage{Text: firstParagraph(c.Text)},
			Help:                 sarifMessage{Text: c.Text, Markdown: c.Markdown},
			HelpURI:              c.URL,
			DefaultConfiguration: sarifConfiguration{Level: sarifWarning},
			Properties:           sarifProperties{Tags: []string{"concurrency", "correctness"}},
		})
	}
	invocation := sarifInvocation{
		Successful: len(s.r.Failures) == 0,
		Start:      s.r.Time.UTC().Format("2006-01-02T15:04:05Z"),
	}
	for _, failure := range s.r.Failures {
		invocation.Notifications = append(invocation.Notifications, sarifNotification{
			Level: "error", Message: sarifMessage{Text: failure},
		})
	}
	run := sarifRun{
		Tool:        sarifTool{Driver: driver},
		Invocations: []sarifInvocation{invocation},
		BaseIDs:     map[string]sarifArtifact{sarifRoot: {URI: fileURI(s.r.Root) + "/"}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	for _, f := range s.r.Findings {
		run.Results = append(run.Results, s.result(f))
	}
	return run
}

func (s *sarifWriter) result(f Finding) sarifResult {
	out := sarifResult{
		RuleID:       f.Check,
		Level:        sarifWarning,
		Message:      sarifText(f.Message),
		Locations:    []sarifLocation{s.location(f.At)},
		Fingerprints: map[string]string{sarifPrint: f.Fingerprint},
	}
	if i := s.r.Tool.index(f.Check); i >= 0 {
		out.RuleIndex = &i
	}
	if s.r.Baseline {
		out.BaselineState = "new"
	}
	if f.Function != "" {
		out.Locations[0].Logical = []sarifLogical{{Name: f.Function, Qualified: f.Package + "." + f.Function, Kind: "function"}}
	}
	for i, n := range f.Story {
		at := s.location(n.At)
		id, text := i+1, sarifText(n.Message)
		at.ID, at.Message = &id, &text
		out.Related = append(out.Related, at)
	}
	if flow := s.codeFlow(f); flow != nil {
		out.CodeFlows = []sarifCodeFlow{*flow}
	}
	if f.Fix != nil {
		out.Fixes = []sarifFix{s.fix(f.Fix)}
	}
	return out
}

// codeFlow returns the trace: a thread flow per goroutine, whose steps are in
// one order. Where no trace is known it is the story, as a single thread.
func (s *sarifWriter) codeFlow(f Finding) *sarifCodeFlow {
	flow := &sarifCodeFlow{}
	if len(f.Steps) == 0 {
		if len(f.Story) == 0 {
			return nil
		}
		thread := sarifThread{}
		for i, n := range append(f.Story[:len(f.Story):len(f.Story)], Note{At: f.At, Message: f.Message}) {
			thread.Locations = append(thread.Locations, s.threadLocation(n.At, n.Message, i+1))
		}
		flow.Threads = []sarifThread{thread}
		return flow
	}
	threads := make([]sarifThread, len(f.Lanes))
	for i, lane := range f.Lanes {
		text := sarifText(lane.Message)
		threads[i] = sarifThread{ID: lane.Message, Message: &text}
	}
	add := func(lane int, at Place, text string, order int) *sarifThreadLocation {
		threads[lane].Locations = append(threads[lane].Locations, s.threadLocation(at, text, order))
		return &threads[lane].Locations[len(threads[lane].Locations)-1]
	}
	for i, step := range f.Steps {
		order := i + 1
		switch step.Kind {
		case trace.Gap:
			continue
		case trace.Start:
			add(step.Goroutine, step.At, step.Text, order)
			add(step.To, step.At, "starts", order)
		case trace.Pass:
			add(step.Goroutine, step.At, step.Text+", taken by "+f.Lanes[step.To].Message, order)
		case trace.Stuck, trace.Panic:
			text := step.Text
			if step.Kind == trace.Stuck {
				text += " blocks forever"
			}
			at := add(step.Goroutine, step.At, text, order)
			at.Importance = "essential"
		case trace.When:
			add(step.Goroutine, step.At, "when "+step.Text, order)
		default:
			add(step.Goroutine, step.At, step.Text, order)
		}
	}
	for _, t := range threads {
		if len(t.Locations) > 0 { // the schema wants one
			flow.Threads = append(flow.Threads, t)
		}
	}
	return flow
}

func (s *sarifWriter) threadLocation(at Place, text string, order int) sarifThreadLocation {
	message := sarifText(text)
	location := s.location(at)
	location.Message = &message
	return sarifThreadLocation{Location: location, Order: order, Importance: "important"}
}

func (s *sarifWriter) fix(f *Fix) sarifFix {
	out := sarifFix{Description: sarifText(f.Message)}
	for _, e := range f.Edits {
		artifact := s.artifact(e.File)
		startLine, startColumn := s.r.Sources.position(e.File, e.Start)
		endLine, endColumn := s.r.Sources.position(e.File, e.End)
		change := sarifReplacement{Deleted: sarifRegion{
			StartLine: startLine, StartColumn: s.r.Sources.utf16Column(e.File, startLine, startColumn),
			EndLine: endLine, EndColumn: s.r.Sources.utf16Column(e.File, endLine, endColumn),
		}}
		if e.New != "" {
			change.Inserted = &sarifContent{Text: e.New}
		}
		if n := len(out.Changes); n > 0 && out.Changes[n-1].Artifact == artifact {
			out.Changes[n-1].Replacements = append(out.Changes[n-1].Replacements, change)
		} else {
			out.Changes = append(out.Changes, sarifChange{Artifact: artifact, Replacements: []sarifReplacement{change}})
		}
	}
	return out
}

func (s *sarifWriter) location(p Place) sarifLocation {
	if p.File == "" {
		return sarifLocation{}
	}
	return sarifLocation{Physical: &sarifPhysical{Artifact: s.artifact(p.File), Region: s.region(p)}}
}

func (s *sarifWriter) region(p Place) sarifRegion {
	out := sarifRegion{
		StartLine:   max(1, p.Line),
		StartColumn: s.r.Sources.utf16Column(p.File, p.Line, p.Column),
	}
	if p.EndLine > p.Line || p.EndColumn > p.Column { // else only the start is known
		out.EndLine = p.EndLine
		out.EndColumn = s.r.Sources.utf16Column(p.File, p.EndLine, p.EndColumn)
	}
	return out
}

// artifact names a file: relative to the root if it is below it.
func (s *sarifWriter) artifact(file string) sarifArtifact {
	if rel, ok := Below(s.r.Root, file); ok {
		uri := strings.ReplaceAll(pathURI(filepath.ToSlash(rel)), ":", "%3A") // what precedes one would be a scheme
		return sarifArtifact{URI: uri, Base: sarifRoot}
	}
	return sarifArtifact{URI: fileURI(file)}
}

// fileURI returns the URI of an absolute path.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/x
	}
	return strings.TrimSuffix("file://"+pathURI(path), "/")
}

// pathURI escapes a path, which may contain anything.
func pathURI(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// sarifText makes a message of a text. In those of SARIF, "[a](1)" is a link, as
// it could be an index and a call in an expression of ours.
func sarifText(s string) sarifMessage {
	if strings.Contains(s, "](") {
		s = strings.NewReplacer(`[`, `\[`, `]`, `\]`).Replace(s)
	}
	return sarifMessage{Text: s}
}

func firstParagraph(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n\n")
	return strings.Join(strings.Fields(first), " ")
}
