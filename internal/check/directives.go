package check

import (
	_ "embed"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/report"
)

//go:embed doc.go
var directivesDoc string

// Directives returns the analyzer "concurlint", which judges the ignore
// directives of a package by what the checks, all of them,
// say they used. It also owns the flag debug, which reports the checks'
// counters: a flag reaches the command line only through an analyzer that is
// itself in the suite.
func Directives(checks []*analysis.Analyzer) *analysis.Analyzer {
	doc, err := ExtractDoc(directivesDoc, "concurlint")
	if err != nil {
		panic(err)
	}
	d := &directives{checks: checks}
	a := &analysis.Analyzer{
		Name:       "concurlint",
		Doc:        doc,
		URL:        pageURL("concurlint"),
		Requires:   append(slices.Clone(checks), engine.Analyzer),
		ResultType: resultType,
		Run: func(pass *analysis.Pass) (any, error) {
			pass = inOrder(pass)
			result := new(Result)
			if panicked := recovered(func() { d.run(pass, result) }); panicked != "" && d.debug && len(pass.Files) > 0 {
				reportDebug(pass, "concurlint: panic: "+panicked)
			}
			return result, nil
		},
	}
	a.Flags.BoolVar(&traces, "trace", false, "internal: attach to each finding the run that leads there, as data for the stand-alone command")
	a.Flags.BoolVar(&d.debug, "debug", false, "report per package what each check gave up on, why, and in which function")
	return a
}

type directives struct {
	checks []*analysis.Analyzer
	debug  bool
}

func (d *directives) run(pass *analysis.Pass, result *Result) {
	var findings []report.Finding
	for _, directive := range report.ReadDirectives(pass.Fset, pass.Files) {
		if directive.Form != report.Ignore {
			continue // other tools' directives name other tools' checks
		}
		for _, problem := range d.problems(pass, directive) {
			findings = append(findings, report.Finding{
				Pos: directive.Pos, End: directive.End, Message: problem,
			})
		}
	}
	result.note(report.Emit(pass, report.Check{Name: "concurlint", URL: pageURL("concurlint")}, findings))
	if d.debug && len(pass.Files) > 0 {
		d.reportCounters(pass)
	}
}

// problems returns what is wrong with a directive: its form, or each check
// that it names in vain.
func (d *directives) problems(pass *analysis.Pass, directive report.Directive) []string {
	if directive.Problem != "" {
		return []string{directive.Problem}
	}
	var vain, unknown []string
	for _, name := range directive.Names {
		result, known := d.result(pass, name)
		switch {
		case !known:
			unknown = append(unknown, name)
		case result != nil && result.Panic == "" && !result.used[directive.Pos]:
			vain = append(vain, name)
		}
	}
	var problems []string
	if len(unknown) > 0 {
		problems = append(problems, fmt.Sprintf("directive names no check of concurlint: %s (there are %s)",
			strings.Join(unknown, ", "), strings.Join(d.names(), ", ")))
	}
	if len(vain) > 0 {
		problems = append(problems, fmt.Sprintf("directive is of no use: %s would report nothing here",
			strings.Join(vain, " and ")))
	}
	if len(problems) > 1 {
		return []string{strings.Join(problems, "; ")} // one position, one diagnostic
	}
	return problems
}

// result returns the result of the named check, which is nil if the check did
// not run on the package.
func (d *directives) result(pass *analysis.Pass, name string) (result *Result, known bool) {
	for _, a := range d.checks {
		if a.Name == name {
			result, _ := pass.ResultOf[a].(*Result)
			return result, true
		}
	}
	return nil, false
}

func (d *directives) names() []string {
	var names []string
	for _, a := range d.checks {
		names = append(names, a.Name)
	}
	return names
}

// reportCounters reports the counters of all checks in one diagnostic at the
// package clause of the package's first file.
func (d *directives) reportCounters(pass *analysis.Pass) {
	var entries []string
	if eng, ok := pass.ResultOf[engine.Analyzer].(*engine.Package); ok {
		eng.Lock()
		counts := eng.Counts()
		eng.Unlock()
		for _, reason := range slices.Sorted(maps.Keys(counts)) {
			entries = append(entries, fmt.Sprintf("engine: %s ×%d", reason, counts[reason]))
		}
	}
	for _, a := range d.checks {
		result, _ := pass.ResultOf[a].(*Result)
		if result == nil {
			continue
		}
		for _, reason := range slices.Sorted(maps.Keys(result.Counts)) {
			entries = append(entries, fmt.Sprintf("%s: %s ×%d", a.Name, reason, result.Counts[reason]))
		}
		if result.Panic != "" {
			entries = append(entries, a.Name+": panic: "+result.Panic)
		}
	}
	if len(entries) > 0 {
		reportDebug(pass, strings.Join(entries, ", "))
	}
}

// reportDebug reports a text on the whole package. It goes past report.Emit:
// no directive and no generated file hides it.
func reportDebug(pass *analysis.Pass, text string) {
	pos := pass.Files[0].Package
	pass.Report(analysis.Diagnostic{
		Pos: pos, End: pos + token.Pos(len("package")),
		Category: "debug",
		Message:  "concurlint debug: " + strings.Join(strings.Fields(text), " "),
	})
}
