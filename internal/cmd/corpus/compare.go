package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A difference is what has changed from one result to the next.
type difference struct {
	gone, fresh []finding
	changed     []change // told otherwise
	failures    []change // of packages; old or new is empty
}

// A change is how something reads before and after.
type change struct{ before, after string }

func (d difference) empty() bool {
	return len(d.gone)+len(d.fresh)+len(d.changed)+len(d.failures) == 0
}

// incomparable says why the results of two runs cannot be compared, or "".
func incomparable(old, new *result) string {
	switch {
	case old.Platform != new.Platform:
		return fmt.Sprintf("the accepted results are those on %s, and this is %s", old.Platform, new.Platform)
	case old.Code != new.Code && strings.HasPrefix(old.Code, "go"):
		return fmt.Sprintf("the accepted results are those of %s, and this is %s; GOTOOLCHAIN=%[1]s runs that one", old.Code, new.Code)
	}
	return ""
}

// compare compares the findings of two runs. If they are not known to be on the same
// code, a finding that says the same in the same function is the same, wherever it is.
func compare(old, new *result) difference {
	var d difference
	moved := old.Code != new.Code || new.Code == ""
	before := make(map[string]finding)
	for _, f := range old.Findings {
		before[f.ID] = f
	}
	for _, f := range new.Findings {
		was, ok := before[f.ID]
		delete(before, f.ID)
		switch {
		case !ok:
			d.fresh = append(d.fresh, f)
		case !moved && was.String() != f.String():
			d.changed = append(d.changed, change{was.String(), f.String()})
		}
	}
	for _, f := range old.Findings {
		if _, left := before[f.ID]; left {
			d.gone = append(d.gone, f)
		}
	}
	for _, f := range old.Failures {
		if !slices.Contains(new.Failures, f) {
			d.failures = append(d.failures, change{before: f})
		}
	}
	for _, f := range new.Failures {
		if !slices.Contains(old.Failures, f) {
			d.failures = append(d.failures, change{after: f})
		}
	}
	return d
}

// String returns the finding with its story.
func (f finding) String() string {
	return strings.Join(append([]string{f.Text}, f.Story...), "\n\t")
}

// printDifference prints how a result differs from the accepted one, and reports
// whether it does not.
func printDifference(w io.Writer, old, new *result) (same bool) {
	if why := incomparable(old, new); why != "" {
		fmt.Fprintf(w, "not compared: %s\n", why)
		return true
	}
	d := compare(old, new)
	if d.empty() {
		fmt.Fprintln(w, "no difference to the accepted findings")
		return true
	}
	fmt.Fprintln(w, "different from the accepted findings:")
	for _, f := range d.gone {
		printMarked(w, "-", f.String())
	}
	for _, f := range d.fresh {
		printMarked(w, "+", f.String())
	}
	for _, c := range slices.Concat(d.changed, d.failures) {
		printMarked(w, "-", c.before)
		printMarked(w, "+", c.after)
	}
	fmt.Fprintln(w, "read them; if they are right, accept them with -accept, and judge them in docs/field-report.md")
	return false
}

// printMarked prints the lines of a text behind a mark.
func printMarked(w io.Writer, mark, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(w, "%s %s\n", mark, strings.TrimRight(line, "\n"))
	}
}
