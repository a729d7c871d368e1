package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/internal/driver/baseline"
	"github.com/concurlint/concurlint/internal/driver/format"
	"github.com/concurlint/concurlint/internal/driver/gocmd"
)

// check analyses packages, prints what it finds and returns the exit status.
func (c *command) check(ctx context.Context, o *options) int {
	start := time.Now()
	progress := startProgress(c.stderr, c.Name, c.terminal)
	defer progress.stop()
	r, err := c.analyse(ctx, o, progress)
	progress.stop()
	if err != nil {
		return c.fail(err)
	}
	r.report.Time, r.report.Elapsed = start, time.Since(start)
	if o.stats {
		r.report.Stats = c.stats(o, r)
	}
	if err := c.report(o, r); err != nil {
		return c.fail(err)
	}
	if c.terminal && !o.diff && !o.stats {
		fmt.Fprintln(c.stderr, c.summary(r))
	}
	switch {
	case len(r.failures) > 0:
		return statusFailed
	case o.writeBaseline != "":
		return statusClean
	case len(r.report.Findings) > 0 || len(r.patch) > 0:
		return statusFindings
	}
	return statusClean
}

// results are what a run has to say.
type results struct {
	report   *format.Report
	entries  []baseline.Entry // what a baseline would say of the findings
	raw      []gocmd.Finding  // the findings as the tool printed them
	debug    []format.Finding
	patch    []byte // with -diff
	failures []gocmd.Failure

	known int              // findings left out, as the baseline has them
	stale []baseline.Entry // of the baseline
}

// analyse finds what there is to report. The error says why nothing could be
// analysed.
func (c *command) analyse(ctx context.Context, o *options, p *progress) (*results, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	golang := &gocmd.Command{Dir: o.dir, BuildFlags: o.buildFlags, Notes: p}
	pkgs, err := golang.List(ctx, o.patterns)
	if err != nil {
		return nil, err
	}
	r, err := c.newResults(o, pkgs)
	if err != nil {
		return nil, err
	}
	switch {
	case len(pkgs.Paths) == 0 && len(pkgs.Failures) == 0:
		return nil, errors.New("no packages to analyse")
	case len(pkgs.Paths) == 0:
		return r, nil
	}
	vet := gocmd.Vet{Tool: exe, Flags: o.toolFlags, Done: p.step}

	if o.fix || o.diff {
		patch, failures, err := golang.Fix(ctx, pkgs, vet, o.diff)
		if err != nil {
			return nil, err
		}
		r.patch = patch
		r.failures = append(r.failures, failures...)
	}
	if !o.diff {
		// After -fix, too: it leaves findings that have no fix.
		p.begin(pkgs.Units)
		vetted, err := golang.Vet(ctx, pkgs, vet)
		if err != nil {
			return nil, err
		}
		r.failures = append(r.failures, vetted.Failures...)
		c.collect(o, r, vetted.Findings)
	}
	skipped, err := golang.Skipped(ctx, pkgs, r.failures)
	if err != nil {
		return nil, err
	}
	r.failures = distinct(append(r.failures, skipped...))
	for _, f := range r.failures {
		r.report.Failures = append(r.report.Failures, f.Message)
	}
	r.filter(o, pkgs)
	return r, nil
}

// newResults returns the results of a run that has not found anything yet.
func (c *command) newResults(o *options, pkgs *gocmd.Packages) (*results, error) {
	dir, err := workDir(o.dir)
	if err != nil {
		return nil, err
	}
	return &results{
		failures: pkgs.Failures,
		report: &format.Report{
			Tool: c.tool(), Dir: dir, Root: repository(dir), Packages: len(pkgs.Paths),
			Sources: format.NewSources(readOverlay(dir, o.overlay())),
		},
	}, nil
}

// distinct sorts failures, which come in the order in which packages were
// finished, and removes those that say what another one says.
func distinct(failures []gocmd.Failure) []gocmd.Failure {
	slices.SortFunc(failures, func(a, b gocmd.Failure) int { return strings.Compare(a.Message, b.Message) })
	return slices.CompactFunc(failures, func(a, b gocmd.Failure) bool { return a.Message == b.Message })
}

// collect sorts what the analyzers reported into findings and debug output.
func (c *command) collect(o *options, r *results, reported []gocmd.Finding) {
	for _, d := range sortFindings(reported) {
		switch f := newFinding(d); {
		case d.Category == DebugCategory:
			r.debug = append(r.debug, f)
		case !o.runs(d.Analyzer):
			// Runs for its debug output only.
		default:
			r.report.Findings = append(r.report.Findings, f)
			r.raw = append(r.raw, d)
		}
	}
	r.entries = identify(r.report)
}

// filter leaves out the findings that the baseline knows, if there is one.
func (r *results) filter(o *options, pkgs *gocmd.Packages) {
	known := o.known
	if known == nil {
		return
	}
	r.report.Baseline = true
	r.stale = known.Stale(r.entries, r.looked(o, pkgs))
	fresh := results{report: new(format.Report)}
	for i, e := range r.entries {
		if known.Knows(e) {
			r.known++
			continue
		}
		fresh.entries = append(fresh.entries, e)
		fresh.raw = append(fresh.raw, r.raw[i])
		fresh.report.Findings = append(fresh.report.Findings, r.report.Findings[i])
	}
	r.entries, r.raw, r.report.Findings = fresh.entries, fresh.raw, fresh.report.Findings
}

// looked returns a function that reports whether the run would have found an
// entry of a baseline again: its package was analysed, with its check.
func (r *results) looked(o *options, pkgs *gocmd.Packages) func(baseline.Entry) bool {
	analysed := make(map[string]bool)
	for _, path := range pkgs.Paths {
		analysed[path] = true
	}
	for _, f := range r.failures {
		delete(analysed, f.Package)
	}
	return func(e baseline.Entry) bool {
		return o.runs(e.Check) && (analysed[e.Package] || analysed[strings.TrimSuffix(e.Package, "_test")])
	}
}

// summary tells in one line how the run went.
func (c *command) summary(r *results) string {
	s := fmt.Sprintf("%s: %s in %s, %.1fs", c.Name,
		format.Counted(len(r.report.Findings), "finding"), format.Counted(r.report.Packages, "package"), r.report.Elapsed.Seconds())
	if r.known > 0 {
		s += fmt.Sprintf(" (%d more in the baseline)", r.known)
	}
	if n := len(r.failures); n > 0 {
		s += fmt.Sprintf(" (%s could not be analysed)", format.Counted(n, "package"))
	}
	return s
}
