package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A table writes the rows of one pattern as soon as they are there, or in
// Markdown.
type table struct {
	w        io.Writer
	markdown bool
}

// explain says what the columns are.
const explain = `A row is one kind of task with one number of workers. ns, allocs and B are the time,
the allocations and the bytes of ours for each item. Below the name of an alternative
is its time divided by ours (above 1 ours is faster) and its allocations per item.
"ours/fastest" is our time divided by that of the fastest alternative, with the
interval where it is with a probability of 95 %; it is within the goal up to 1.05,
and unclear if only the interval reaches below. "fewest" says whether none allocates
less often; a few allocations more to start a run of many items do not count.`

func (t table) pattern(p pattern, rows []row) error {
	head := []string{"task", "workers", "ns", "allocs", "B"}
	var notes []string
	for i, en := range p.entrants {
		if i == 0 {
			continue
		}
		name := en.name
		if en.aside != "" {
			name += "*"
			notes = append(notes, fmt.Sprintf("* %s does not count: it %s.", en.name, en.aside))
		}
		head = append(head, name)
	}
	head = append(head, "ours/fastest", "fastest", "within", "fewest")

	cells := [][]string{head}
	for _, r := range rows {
		cells = append(cells, r.cells())
	}
	var out strings.Builder
	if t.markdown {
		fmt.Fprintf(&out, "### %s\n\n", p.name)
		for i, line := range cells {
			fmt.Fprintf(&out, "| %s |\n", strings.Join(line, " | "))
			if i == 0 {
				fmt.Fprintf(&out, "|%s\n", strings.Repeat("---|", len(line)))
			}
		}
		for _, note := range notes {
			fmt.Fprintf(&out, "\n\\%s\n", note)
		}
	} else {
		fmt.Fprintf(&out, "%s\n", p.name)
		tw := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		for _, line := range cells {
			fmt.Fprintf(tw, "%s\n", strings.Join(line, "\t"))
		}
		tw.Flush()
		for _, note := range notes {
			fmt.Fprintf(&out, "%s\n", note)
		}
	}
	_, err := fmt.Fprintln(t.w, out.String())
	return err
}

func (r *row) cells() []string {
	ours := r.results[0]
	cells := []string{r.task.name, fmt.Sprint(r.workers), number(ours.ns), number(ours.allocs), number(ours.bytes)}
	for _, res := range r.results[1:] {
		cells = append(cells, fmt.Sprintf("%.2f (%s)", res.ratio, number(res.allocs)))
	}
	fewest := "no"
	if r.sparing() {
		fewest = "yes"
	}
	interval := "[?]" // too few rounds
	if r.low > 0 {
		interval = fmt.Sprintf("[%.2f–%.2f]", r.low, r.high)
	}
	return append(cells, fmt.Sprintf("%.2f %s", r.toFastest, interval), r.pattern.entrants[r.fastest].name, r.within(), fewest)
}

// number writes a few significant digits.
func number(f float64) string {
	switch {
	case f < 0.005:
		return "0"
	case f < 10:
		return fmt.Sprintf("%.2f", f)
	case f < 100:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// summary counts the rows.
func (t table) summary(rows []row) error {
	count := make(map[string]int)
	faster, fewest := 0, 0
	for _, r := range rows {
		count[r.within()]++
		if r.high < 1 {
			faster++
		}
		if r.sparing() {
			fewest++
		}
	}
	_, err := fmt.Fprintf(t.w, "Of %d rows, %d are within %.2f of the fastest, %d are not, %d are unclear. In %d ours is clearly faster than all, in %d none allocates less often.\n",
		len(rows), count["yes"], limit, count["no"], count["unclear"], faster, fewest)
	return err
}
