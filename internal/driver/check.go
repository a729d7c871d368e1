package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

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
	if err := c.report(o, r); err != nil {
		return c.fail(err)
	}
	if c.terminal && !o.diff {
		fmt.Fprintln(c.stderr, c.summary(r, time.Since(start)))
	}
	switch {
	case len(r.failures) > 0:
		return statusFailed
	case len(r.findings) > 0 || len(r.patch) > 0:
		return statusFindings
	}
	return statusClean
}

// results are what a run has to say.
type results struct {
	findings []finding // sorted, each once
	debug    []finding
	patch    []byte // with -diff
	failures []gocmd.Failure
	packages int // those that were asked for and can be loaded
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
	r := &results{failures: pkgs.Failures, packages: len(pkgs.Paths)}
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
		if err := c.collect(o, r, vetted.Findings); err != nil {
			return nil, err
		}
	}
	skipped, err := golang.Skipped(ctx, pkgs, r.failures)
	if err != nil {
		return nil, err
	}
	r.failures = distinct(append(r.failures, skipped...))
	return r, nil
}

// distinct sorts failures, which come in the order in which packages were
// finished, and removes those that say what another one says.
func distinct(failures []gocmd.Failure) []gocmd.Failure {
	slices.SortFunc(failures, func(a, b gocmd.Failure) int { return strings.Compare(a.Message, b.Message) })
	return slices.CompactFunc(failures, func(a, b gocmd.Failure) bool { return a.Message == b.Message })
}

// collect sorts what the analyzers reported into findings and debug output.
func (c *command) collect(o *options, r *results, reported []gocmd.Finding) error {
	dir, err := workDir(o.dir)
	if err != nil {
		return err
	}
	for _, f := range sortFindings(reported) {
		f := newFinding(dir, f)
		switch {
		case f.Category == DebugCategory:
			r.debug = append(r.debug, f)
		case f.Analyzer == c.Name && o.selected && !o.selfSelected:
			// Runs for its debug output only.
		default:
			r.findings = append(r.findings, f)
		}
	}
	return nil
}

// summary tells in one line how the run went.
func (c *command) summary(r *results, elapsed time.Duration) string {
	s := fmt.Sprintf("%s: %s in %s, %.1fs", c.Name,
		plural(len(r.findings), "finding"), plural(r.packages, "package"), elapsed.Seconds())
	if n := len(r.failures); n > 0 {
		s += fmt.Sprintf(" (%s could not be analysed)", plural(n, "package"))
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
