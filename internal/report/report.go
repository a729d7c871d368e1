// Package report turns a finding into a diagnostic: message, related
// positions in the order of the story, category, URL and at most one fix.
//
// It is the single exit of every check, so the rules that all diagnostics obey
// live here: nothing is reported in generated files, nothing that a directive
// suppresses, nothing twice; a fix is offered whole or not at all.
//
// A check fills in a [Finding] and hands it to its pass, which gives all
// findings of a package to [Emit] at once. What a finding goes through:
//
//	Finding ── generated? suppressed? seen? ──► Diagnostic
//	   └─ Fix ── one file? no overlap? no comment lost? parses? gofmt-clean? ──► SuggestedFix
//
// Fixes are built with an [Editor], whose methods write text that is already
// indented, because editors insert it as it is. What was dropped on the way,
// and why, is counted in the [Outcome].
package report

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/printable"
	"github.com/concurlint/concurlint/internal/skeleton"
	"github.com/concurlint/concurlint/internal/trace"
)

// A Finding is what a check found, before it becomes a diagnostic.
type Finding struct {
	// Pos and End delimit the operation that goes wrong. End may be NoPos.
	Pos, End token.Pos

	// Message is one line without the check's name: the operation, the
	// primitive and the reason.
	Message string

	// Involved are the positions of other operations that are part of the
	// mistake, and of what they are on: a check that tells of one of them has
	// told it already.
	Involved []token.Pos

	// Story lists the related positions in the order in which the events
	// happen: created here, started here, returns here, stuck here.
	Story []Step

	// Trace is the run in which it happens, step by step, where one is known.
	Trace []TraceStep

	// Fix is nil where no safe edit is known. Repair, if there is no Fix, looks for
	// one: it is called only for what is reported, since that may take work.
	Fix    *Fix
	Repair func() *Fix

	// Advice says in words what to do. It ends the story where no fix is offered.
	Advice string

	// Pattern shows how to do this right, if that is not the pattern of the check.
	Pattern string
}

// A TraceStep is a step of a run with its place. End may be NoPos.
type TraceStep struct {
	Pos, End token.Pos
	trace.Step
}

// A Step is one line of a finding's story. End may be NoPos.
type Step struct {
	Pos, End token.Pos
	Message  string
}

// A Check is what a diagnostic says about the check that made it.
type Check struct {
	Name    string // the analyzer's name; becomes the diagnostic's category
	URL     string // the check's page
	Pattern string // the package below patterns/ that shows how to do it right; may be empty
	Advice  string // the advice of findings that have none of their own; may be empty

	// Traces says that diagnostics carry the traces of their findings, for a
	// driver that draws them, as related positions after those of the story.
	Traces bool
}

// An Outcome is what became of the findings of one check in one package,
// besides diagnostics.
type Outcome struct {
	// Used holds the position of each directive that suppressed a finding.
	Used map[token.Pos]bool

	// Dropped counts, by reason, the findings and fixes that were left out
	// and that the check's author may want to know of.
	Dropped map[string]int

	// Reported are the diagnostics that the driver was given, in order.
	Reported []analysis.Diagnostic

	// Silenced are those that it was not given because of a directive.
	Silenced []Silenced
}

// Silenced is a diagnostic that directives kept from the driver.
type Silenced struct {
	analysis.Diagnostic
	By []Directive
}

// Emit reports the findings of check c, which may be in any order, as
// diagnostics of the pass, sorted by file and position.
func Emit(pass *analysis.Pass, c Check, findings []Finding) Outcome {
	e := emitter{
		pass:    pass,
		check:   c,
		outcome: Outcome{Used: make(map[token.Pos]bool), Dropped: make(map[string]int)},
	}
	if len(findings) == 0 {
		return e.outcome // the usual case must not pay for reading directives
	}
	e.directives = ReadDirectives(pass.Fset, pass.Files)

	seen := make(map[token.Pos]bool)
	for _, f := range e.inOrder(findings) {
		if seen[f.Pos] {
			continue // several ways to the same operation are one finding
		}
		seen[f.Pos] = true
		by := e.suppressing(f.Pos)
		if len(by) > 0 {
			f.Repair = nil // nobody asks for it
		}
		d := e.diagnostic(f)
		if len(by) > 0 {
			e.outcome.Silenced = append(e.outcome.Silenced, Silenced{d, by})
			continue
		}
		e.outcome.Reported = append(e.outcome.Reported, d)
		pass.Report(d)
	}
	return e.outcome
}

// An emitter is the state of one call of Emit.
type emitter struct {
	pass       *analysis.Pass
	check      Check
	directives []Directive
	outcome    Outcome
}

// A located finding knows the index of its file in the pass.
type located struct {
	Finding
	file int
}

// inOrder returns the findings that lie in files of the pass that a person
// wrote, sorted by file and position. The order of the files is the pass's,
// because positions in the file set depend on which file was parsed first.
func (e *emitter) inOrder(findings []Finding) []located {
	var (
		kept      []located
		generated = make(map[int]bool)
	)
	for i, file := range e.pass.Files {
		generated[i] = isGenerated(e.pass.Fset, file)
	}
	for _, f := range findings {
		switch i := fileIndex(e.pass.Files, f.Pos); {
		case i < 0:
			e.outcome.Dropped["finding outside the package's files"]++
		case !generated[i]:
			kept = append(kept, located{f, i})
		}
	}
	slices.SortStableFunc(kept, func(x, y located) int {
		return cmp.Or(cmp.Compare(x.file, y.file), cmp.Compare(x.Pos, y.Pos))
	})
	return kept
}

// suppressing returns the directives that cover the position, and notes them as
// used.
func (e *emitter) suppressing(pos token.Pos) []Directive {
	var by []Directive
	for _, d := range e.directives {
		if d.Suppresses(e.check.Name, e.pass.Fset, pos) {
			e.outcome.Used[d.Pos] = true
			by = append(by, d)
		}
	}
	return by
}

// diagnostic returns the finding in the form that drivers understand.
func (e *emitter) diagnostic(f located) analysis.Diagnostic {
	c := e.check
	c.Pattern = cmp.Or(f.Pattern, c.Pattern)
	d := analysis.Diagnostic{
		Pos:      f.Pos,
		End:      spanEnd(e.pass.Fset, e.pass.Files, f.Pos, f.End),
		Category: c.Name,
		Message:  oneLine(f.Message) + c.suffix(),
		URL:      c.URL,
	}
	for _, step := range f.Story {
		if !step.Pos.IsValid() {
			e.outcome.Dropped["story step without position"]++
			continue
		}
		if skeleton.IsForeign(e.pass.Fset, step.Pos) {
			continue // editors know of no position in another package
		}
		d.Related = append(d.Related, analysis.RelatedInformation{
			Pos:     step.Pos,
			End:     spanEnd(e.pass.Fset, e.pass.Files, step.Pos, step.End),
			Message: oneLine(step.Message),
		})
	}
	if f.Fix == nil && f.Repair != nil {
		f.Fix = f.Repair()
	}
	if f.Fix != nil {
		fix, why := suggestedFix(e.pass, *f.Fix)
		if why != "" {
			e.outcome.Dropped["fix: "+why]++
		} else {
			fix.Message += c.named()
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
	}
	if advice := cmp.Or(f.Advice, c.Advice); advice != "" && len(d.SuggestedFixes) == 0 {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: d.Pos, End: d.End, Message: oneLine(advice)})
	}
	if e.check.Traces {
		d.Related = append(d.Related, e.traceOf(f)...)
	}
	return d
}

// traceOf returns the trace of the finding in the form of related positions.
// Drivers print the positions of those themselves, as they do for all others.
func (e *emitter) traceOf(f located) []analysis.RelatedInformation {
	var list []analysis.RelatedInformation
	for _, step := range f.Trace {
		if !step.Pos.IsValid() {
			return nil // a lane or an operation would be missing
		}
		list = append(list, analysis.RelatedInformation{
			Pos:     step.Pos,
			End:     spanEnd(e.pass.Fset, e.pass.Files, step.Pos, step.End),
			Message: trace.Encode(step.Step),
		})
	}
	return list
}

// suffix names the check and its pattern in the message itself, because go vet
// and golangci-lint print neither category nor URL.
func (c Check) suffix() string {
	if c.Pattern == "" {
		return " (" + c.Name + ")"
	}
	return " (" + c.Name + "; see patterns/" + c.Pattern + ")"
}

// named names the pattern in the message of a fix.
func (c *Check) named() string {
	if c.Pattern == "" {
		return ""
	}
	return " (" + c.Pattern + ")"
}

// oneLine joins the lines of a message, and has nothing in it that could command a
// terminal: drivers print it as it is.
func oneLine(s string) string {
	if strings.ContainsAny(s, "\r\n") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return printable.Text(s)
}

// fileIndex returns the index of the file that contains the position, or -1.
func fileIndex(files []*ast.File, pos token.Pos) int {
	if !pos.IsValid() {
		return -1
	}
	return slices.IndexFunc(files, func(f *ast.File) bool {
		return f.FileStart <= pos && pos <= f.FileEnd
	})
}

// isGenerated reports whether a program wrote the file.
//
// The files that cmd/cgo makes of hand-written ones are marked as generated
// too, but they hold their author's code, and positions in them lead to it.
func isGenerated(fset *token.FileSet, file *ast.File) bool {
	if !ast.IsGenerated(file) {
		return false
	}
	fromCgo := len(file.Comments) > 0 &&
		file.Comments[0].List[0].Text == "// Code generated by cmd/cgo; DO NOT EDIT."
	return !fromCgo || !hasOtherSource(fset, file)
}

// hasOtherSource reports whether a line directive says that the file's code
// was written elsewhere.
func hasOtherSource(fset *token.FileSet, file *ast.File) bool {
	written := fset.PositionFor(file.Package, true).Filename
	return written != fset.PositionFor(file.Package, false).Filename
}
