package driver

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/concurlint/concurlint/internal/driver/baseline"
	"github.com/concurlint/concurlint/internal/driver/format"
	"github.com/concurlint/concurlint/internal/machine"
)

// stats gathers how the run went.
func (c *command) stats(o *options, r *results) *format.Stats {
	s := &format.Stats{
		Findings: make(map[string]int),
		Packages: r.report.Packages,
		Failures: len(r.failures),
		Known:    r.known,
		Elapsed:  r.report.Elapsed,
	}
	for _, a := range c.Analyzers {
		if o.runs(a.Name) {
			s.Findings[a.Name] = 0
		}
	}
	for _, g := range gaveUp(r.debug) {
		// The analyzer of the debug output makes all checks run.
		if c.analyzer(g.Part) == nil || o.runs(g.Part) {
			s.GaveUp = append(s.GaveUp, g)
		}
	}
	for _, f := range r.report.Findings {
		s.Findings[f.Check]++
	}
	for _, e := range r.stale {
		s.Stale = append(s.Stale, describeEntry(e))
	}
	return s
}

func describeEntry(e baseline.Entry) string {
	s := e.File
	if e.Function != "" {
		s += ", " + e.Function
	}
	return fmt.Sprintf("%s: %s (%s)", s, e.Code, e.Check)
}

// counter is an entry of the debug output: "goleak: paths ×3".
var counter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` ×(\d+)(?:, |$)`) })

// gaveUp reads the debug output of the analyzers, a list of counters per
// package. The names of functions in it are left out, to add up what is alike.
func gaveUp(debug []format.Finding) []format.GaveUp {
	type key struct{ part, reason string }
	total := make(map[key]*format.GaveUp)
	packages := make(map[key]map[string]bool)
	for _, f := range debug {
		_, text, ok := strings.Cut(f.Message, " debug: ")
		if !ok {
			text = f.Message
		}
		pkg := strings.TrimSuffix(f.Package, "_test")
		for _, entry := range splitCounters(text) {
			k := key{part: entry.Part, reason: entry.Reason}
			if total[k] == nil {
				total[k] = &format.GaveUp{Part: k.part, Reason: k.reason}
				packages[k] = make(map[string]bool)
			}
			packages[k][pkg] = true
			total[k].Times += entry.Times
			total[k].Packages = len(packages[k])
		}
	}
	var list []format.GaveUp
	for _, g := range total {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b format.GaveUp) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(b.Times, a.Times), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}

// splitCounters splits the debug output on one package.
func splitCounters(text string) []format.GaveUp {
	var list []format.GaveUp
	for text != "" {
		entry, times := text, 1
		m := counter().FindStringSubmatchIndex(text)
		if m == nil {
			text = ""
		} else {
			entry = text[:m[0]]
			times, _ = strconv.Atoi(text[m[2]:m[3]])
			text = text[m[1]:]
		}
		part, reason, ok := strings.Cut(entry, ": ")
		if !ok {
			part, reason = "", entry
		}
		if before, found := strings.CutPrefix(reason, "explorer: "); found {
			part, reason = "explorer", before
		}
		reason, _, _ = strings.Cut(reason, " in ")
		if !noLimit(reason) {
			list = append(list, format.GaveUp{Part: part, Reason: reason, Times: times})
		}
	}
	return list
}

// noLimit reports whether a counter is no limit of the analysis: such a run ends
// there in reality, too.
func noLimit(reason string) bool {
	cut, ok := strings.CutPrefix(reason, "runs cut: ")
	switch machine.Cut(cut) {
	case machine.CutExit, machine.CutPanic, machine.CutNil, machine.CutRange, machine.CutMismatch:
		return ok
	}
	return false
}

// maxStale is the number of stale entries of a baseline that are listed.
const maxStale = 10

// writeStats prints the statistics for people.
func writeStats(w io.Writer, name string, s *format.Stats) {
	sum := 0
	for _, n := range s.Findings {
		sum += n
	}
	fmt.Fprintf(w, "%s: %s in %s, %.1fs\n", name, format.Counted(sum, "finding"), format.Counted(s.Packages, "package"), s.Elapsed.Seconds())
	if s.Failures > 0 {
		fmt.Fprintf(w, "could not be analysed: %s\n", format.Counted(s.Failures, "package"))
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "findings per check:")
	for _, check := range slices.Sorted(maps.Keys(s.Findings)) {
		fmt.Fprintf(tab, "  %s\t%d\n", check, s.Findings[check])
	}
	tab.Flush()
	if s.Known > 0 {
		fmt.Fprintf(w, "known from the baseline: %s\n", format.Counted(s.Known, "finding"))
	}
	if n := len(s.Stale); n > 0 {
		fmt.Fprintf(w, "stale in the baseline, there is no such finding any more: %d\n", n)
		for _, entry := range s.Stale[:min(n, maxStale)] {
			fmt.Fprintf(w, "  %s\n", entry)
		}
		if n > maxStale {
			fmt.Fprintf(w, "  and %d more\n", n-maxStale)
		}
	}
	var limits, held []format.GaveUp
	for _, g := range s.GaveUp {
		if strings.HasPrefix(g.Reason, "excused: ") || strings.HasPrefix(g.Reason, "doubtful: ") {
			held = append(held, g)
		} else {
			limits = append(limits, g)
		}
	}
	if len(limits) == 0 {
		fmt.Fprintln(w, "given up on: nothing")
	}
	writeGaveUp(w, "given up on:", limits)
	writeGaveUp(w, "not reported, as the program may know that it does not happen:", held)
}

func writeGaveUp(w io.Writer, heading string, list []format.GaveUp) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, heading)
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range list {
		what := g.Reason
		if g.Part != "" {
			what = g.Part + ": " + what
		}
		fmt.Fprintf(tab, "  %s\t%s\tin %s\n", what, times(g.Times), format.Counted(g.Packages, "package"))
	}
	tab.Flush()
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
