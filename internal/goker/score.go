package goker

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// A Result is what the analyzers said about an entry.
type Result struct {
	Entry
	Right []Finding // on a line of the entry
	Wrong []Finding // on no line of any entry
}

// Found reports whether the bug was found.
func (r Result) Found() bool { return len(r.Right) > 0 }

// Judge compares the findings in a unit with its entries. Wrong findings belong
// to the entry that they are in the code of, and to the first one if there is no
// such entry.
func Judge(base string, parts []Part, found []Finding) []Result {
	results := make([]Result, len(parts))
	for i, p := range parts {
		results[i].Entry = p.Entry
	}
	for _, f := range found {
		known := false
		for i, p := range parts {
			if f.File == base && p.has(f.Line) {
				results[i].Right = append(results[i].Right, f)
			}
			known = known || f.File == base && (p.has(f.Line) || p.hasExtra(f.Line))
		}
		if !known {
			i := slices.IndexFunc(parts, func(p Part) bool { return f.File == base && p.Holds(f.Line) })
			results[max(i, 0)].Wrong = append(results[max(i, 0)].Wrong, f)
		}
	}
	return results
}

// A Count sums results up.
type Count struct {
	Entries, Found, Wrong int
}

// Missed returns the number of entries that were not found.
func (c Count) Missed() int { return c.Entries - c.Found }

func (c *Count) add(r Result) {
	c.Entries++
	if r.Found() {
		c.Found++
	}
	c.Wrong += len(r.Wrong)
}

// A Score is the outcome for a collection, or a part of it.
type Score []Result

// Total counts all results.
func (s Score) Total() Count {
	var c Count
	for _, r := range s {
		c.add(r)
	}
	return c
}

// Kind counts the results of one kind of entry.
func (s Score) Kind(kind string) Count {
	var c Count
	for _, r := range s {
		if r.Kind() == kind {
			c.add(r)
		}
	}
	return c
}

// Table writes the counts per class and per kind, and names the missed entries
// and the wrong findings.
func (s Score) Table(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, c Count) {
		fmt.Fprintf(tw, "%d\t%d\t%d\t%d\t  %s\n", c.Entries, c.Found, c.Missed(), c.Wrong, name)
	}
	fmt.Fprintf(tw, "entries\tfound\tmissed\twrong\t\n")
	for _, by := range []func(Entry) string{func(e Entry) string { return e.Class }, Entry.Kind} {
		counts := make(map[string]*Count)
		var names []string
		for _, r := range s {
			name := by(r.Entry)
			if counts[name] == nil {
				counts[name] = new(Count)
				names = append(names, name)
			}
			counts[name].add(r)
		}
		slices.Sort(names)
		for _, name := range names {
			row(name, *counts[name])
		}
		fmt.Fprintln(tw, "\t\t\t\t")
	}
	row("all", s.Total())
	tw.Flush()
	s.list(w)
}

// list names the entries that were found, by which check, those that were not,
// and the wrong findings.
func (s Score) list(w io.Writer) {
	byCheck := make(map[string][]string)
	for _, r := range s {
		label := "missed: " + r.Class
		if r.Found() {
			label = "found by " + strings.Join(r.checks(), ", ")
		}
		byCheck[label] = append(byCheck[label], r.Name())
	}
	var labels []string
	for label := range byCheck {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	for _, label := range labels {
		slices.SortFunc(byCheck[label], cmp.Compare)
		fmt.Fprintf(w, "%s: %s\n", label, strings.Join(byCheck[label], " "))
	}
	for _, r := range s {
		for _, f := range r.Wrong {
			fmt.Fprintf(w, "wrong, in %s: %s\n", r.Name(), f)
		}
	}
}

// checks returns the checks that found the entry.
func (r Result) checks() []string {
	var names []string
	for _, f := range r.Right {
		names = append(names, f.Check)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
