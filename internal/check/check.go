package check

import (
	"fmt"
	"go/token"
	"reflect"
	"runtime/debug"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/skeleton"
	"github.com/concurlint/concurlint/internal/syntax"
)

// Meta is what is known of a check besides its code.
type Meta struct {
	// Name is the analyzer's name: a Go identifier, the name of its package.
	Name string

	// Doc is the embedded doc.go of the check's package. The section
	// "# Analyzer NAME" becomes the analyzer's documentation.
	Doc string

	// Patterns are the packages below patterns/ that show how to do it right,
	// the most fitting first.
	Patterns []string

	// Advice says in words what to do about a finding for which no edit is certain,
	// unless the finding knows better.
	Advice string

	// Requires are the analyzers whose results the check uses.
	Requires []*analysis.Analyzer

	// Yields are the names of checks that may see the same mistake and say
	// more about it: where one of them reports something, this one does not.
	// They must work on the same engine.
	Yields []string
}

// URL returns the address of the check's page.
func (m Meta) URL() string { return pageURL(m.Name) }

func pageURL(name string) string {
	return "https://github.com/concurlint/concurlint/blob/main/docs/checks/" + name + ".md"
}

// A Pass is what a check's run function gets. Its methods are for the
// goroutine that runs the check.
type Pass struct {
	*analysis.Pass

	findings []report.Finding
	counts   map[string]int
}

// Report reports a finding. Findings may come in any order. One that stands in a
// function of another package is left to the checks that tell of the call.
func (p *Pass) Report(f report.Finding) {
	if skeleton.IsForeign(p.Fset, f.Pos) {
		p.Count("finding in a function of another package")
		return
	}
	p.findings = append(p.findings, f)
}

// Found returns the findings reported so far. The caller must not change them.
func (p *Pass) Found() []report.Finding { return p.findings }

// Count notes that the analysis gave up on something, such as "budget
// exhausted in f". It never becomes a diagnostic of the check.
func (p *Pass) Count(reason string) { p.counts[reason]++ }

// Edit returns an editor for a fix in the file that contains pos.
func (p *Pass) Edit(pos token.Pos) *report.Editor { return report.NewEditor(p.Pass, pos) }

// A Result is what a check leaves behind in a package besides diagnostics.
type Result struct {
	// Counts says how often the check gave up, by reason.
	Counts map[string]int

	// Panic is the value and the stack of a panic of the check, or empty.
	Panic string

	// Reported are the diagnostics of the check, and Silenced those that a
	// directive suppressed. An analyzer that requires the check can read here
	// what the driver was told, since drivers do not pass diagnostics on.
	Reported []analysis.Diagnostic
	Silenced []report.Silenced

	// used holds the directives that suppressed a finding of the check.
	used map[token.Pos]bool
}

var resultType = reflect.TypeFor[*Result]()

// metas holds the metadata of the analyzers that New made. An analyzer has no
// room for data of its own; the entries never change.
var metas sync.Map // *analysis.Analyzer → Meta

// MetaOf returns the metadata of an analyzer that New made.
func MetaOf(a *analysis.Analyzer) (Meta, bool) {
	m, ok := metas.Load(a)
	if !ok {
		return Meta{}, false
	}
	return m.(Meta), true
}

// New returns the analyzer for a check. It panics if the check's documentation
// lacks the check's section, which the check's own test shows.
//
// Flags of the check can be added to the Flags of the analyzer.
func New(m Meta, run func(*Pass) error) *analysis.Analyzer {
	doc, err := ExtractDoc(m.Doc, m.Name)
	if err != nil {
		panic(fmt.Sprintf("check %s: %v", m.Name, err))
	}
	a := &analysis.Analyzer{
		Name:       m.Name,
		Doc:        doc,
		URL:        m.URL(),
		Requires:   m.Requires,
		ResultType: resultType,
		Run: func(pass *analysis.Pass) (any, error) {
			return runCheck(m, pass, run)
		},
	}
	metas.Store(a, m)
	runs.Store(m.Name, run)
	return a
}

// runCheck runs the check on a package and reports its findings. Findings from
// before a panic are kept: each is complete in itself.
func runCheck(m Meta, pass *analysis.Pass, run func(*Pass) error) (*Result, error) {
	pass = inOrder(pass)
	var (
		result = &Result{Counts: make(map[string]int)}
		p      = &Pass{counts: result.Counts}
		inner  = *pass
		err    error
	)
	// What the check reports through the embedded pass, as with Reportf, takes
	// the same exit.
	inner.Report = func(d analysis.Diagnostic) {
		p.Report(report.Finding{Pos: d.Pos, End: d.End, Message: d.Message})
	}
	p.Pass = &inner

	if eng, ok := pass.ResultOf[engine.Analyzer].(*engine.Package); ok {
		eng.Lock()
		defer eng.Unlock()
	}
	result.Panic = recovered(func() { err = run(p) })
	p.findings = yield(m, pass, p.findings)
	if eng, ok := pass.ResultOf[engine.Analyzer].(*engine.Package); ok {
		for i := range p.findings {
			p.tryLater(eng, &p.findings[i])
		}
	}
	emitPanic := recovered(func() {
		c := report.Check{Name: m.Name, URL: m.URL(), Advice: m.Advice, Traces: traces}
		if traces {
			traceAll(pass, p.findings)
		}
		if len(m.Patterns) > 0 {
			c.Pattern = m.Patterns[0]
		}
		outcome := report.Emit(pass, c, p.findings)
		result.note(outcome)
		for reason, n := range outcome.Dropped {
			result.Counts[reason] += n
		}
	})
	if result.Panic == "" {
		result.Panic = emitPanic
	}
	return result, err
}

// inOrder returns the pass with its files in order, for what is reported is too.
func inOrder(pass *analysis.Pass) *analysis.Pass {
	ordered := *pass
	ordered.Files = syntax.InOrder(pass.Fset, pass.Files)
	return &ordered
}

// note keeps what became of the check's findings.
func (r *Result) note(o report.Outcome) {
	r.Reported, r.Silenced, r.used = o.Reported, o.Silenced, o.Used
}

// recovered calls f and returns the value and the stack of its panic, or "".
func recovered(f func()) (panicked string) {
	defer func() {
		if v := recover(); v != nil {
			panicked = fmt.Sprintf("%v\n%s", v, debug.Stack())
		}
	}()
	f()
	return ""
}
