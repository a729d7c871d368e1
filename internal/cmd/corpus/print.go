package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// printResult prints a result. The old one is the accepted one, or nil.
func printResult(w io.Writer, r, old *result) {
	code := r.Code
	if code == "" {
		code = "no commit"
	}
	fmt.Fprintf(w, "== %s (%s, %s)\n", r.Corpus, code, r.Platform)
	fmt.Fprintf(w, "%d packages, %d lines, %d findings; %v, %v of CPU time\n", r.Packages, r.lines, len(r.Findings),
		r.wall.Round(100*time.Millisecond), r.cpu.Round(100*time.Millisecond))
	for _, f := range r.Findings {
		fmt.Fprintln(w, f.Text)
	}
	printPerCheck(w, r)
	printGaveUp(w, r, old)
	for _, f := range r.Failures {
		fmt.Fprintf(w, "not analysed: %s\n", f)
	}
	for _, p := range r.panics {
		fmt.Fprintf(w, "PANIC: %s\n", p)
	}
}

// printPerCheck prints how many findings each check has.
func printPerCheck(w io.Writer, r *result) {
	n := make(map[string]int)
	for _, f := range r.Findings {
		n[f.check]++
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tab, "check\tfindings\tper 1000 lines\t\n")
	row := func(name string, n int) {
		fmt.Fprintf(tab, "%s\t%d\t%s\t\n", name, n, perThousand(n, r.lines))
	}
	for _, check := range r.checks {
		row(check, n[check])
	}
	row("all", len(r.Findings))
	tab.Flush()
}

func perThousand(n, lines int) string {
	if lines == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", float64(n)*1000/float64(lines))
}

// printGaveUp prints the limits that the analysis met, and how the counts differ from
// the accepted ones.
func printGaveUp(w io.Writer, r, old *result) {
	compared := old != nil && incomparable(old, r) == ""
	before := make(map[string]int)
	if compared {
		for _, g := range old.GaveUp {
			before[g.String()] = g.Times
		}
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "given up on\ttimes\tpackages\tdifference")
	row := func(g gaveUp) {
		change := ""
		if by := g.Times - before[g.String()]; compared && by != 0 {
			change = fmt.Sprintf("%+d", by)
		}
		fmt.Fprintf(tab, "%v\t%d\t%d\t%s\n", g, g.Times, g.Packages, change)
	}
	now := make(map[string]bool)
	for _, g := range r.GaveUp {
		now[g.String()] = true
		row(g)
	}
	if compared {
		for _, g := range old.GaveUp {
			if !now[g.String()] {
				row(gaveUp{Reason: g.String()})
			}
		}
	}
	tab.Flush()
}
