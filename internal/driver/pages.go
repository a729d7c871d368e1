package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/adopt"
	"github.com/concurlint/concurlint/internal/driver/format"
)

// help prints how to use the program, or the page of a check.
func (c *command) help(operands []string) int {
	if len(operands) > 0 {
		return c.explain(operands)
	}
	patterns := ""
	if c.Patterns != nil {
		patterns = fmt.Sprintf(`	%[1]s pattern [name]                  print a reference implementation
	%[1]s pattern -o dir name             write it and its test into a package of your module
`, c.Name)
	}
	editors := ""
	if c.EditorsURL != "" {
		editors = fmt.Sprintf(`	%[1]s lsp [flags]                     serve an editor with findings, beside gopls
	%[1]s gopls [-o file] [-gopls version] [-replace dir]
	%[2]s                                 build a gopls that runs the checks, too
`, c.Name, strings.Repeat(" ", len(c.Name)))
	}
	fmt.Fprintf(c.stdout, `%[1]s %[2]s.

Usage:
	%[1]s [flags] [packages]              check packages, by default the one in this directory
	%[1]s explain [check]                 tell what a check finds and how to repair it
%[3]s	%[1]s version                         print the version
%[4]s	go vet -vettool=$(which %[1]s) [flags] [packages]
	go fix -fixtool=$(which %[1]s) [flags] [packages]

Packages are named as for go build; ./... is everything below this directory.
Results are kept in the build cache: what did not change is not analysed again.

Flags:
`, c.Name, c.About, patterns, editors)
	c.table(c.flagTable())
	fmt.Fprint(c.stdout, "\nChecks (all run by default):\n")
	c.table(c.checkTable())
	c.guides()
	fmt.Fprint(c.stdout, `
Exit status:
	0   nothing found (with -diff: nothing to change)
	1   findings (with -diff: a patch was printed; with -fix: findings are left)
	2   a package could not be analysed, or the command line is wrong;
	    findings in other packages are printed nevertheless
`)
	return statusClean
}

// flagTable returns the flags with their meaning.
func (c *command) flagTable() [][2]string {
	rows := [][2]string{
		{"-NAME", "run only the checks named so"},
		{"-NAME=false", "run all checks but those named so"},
		{"-fix", "apply fixes, then report what is left"},
		{"-diff", "print what -fix would change, as a unified diff"},
		{"-format NAME", "print findings as " + strings.Join(format.Names(), ", ")},
		{"-o file", "write to a file instead of standard output"},
		{"-c=N", "print the line of each finding with N lines around it"},
		{"-json", "print findings as JSON, in the form of go vet -json"},
		{"-write-baseline file", "write the findings that there are today to a file"},
		{"-baseline file", "report only findings that are not in that file"},
		{"-stats", "tell at the end how the run went: findings per check, what was given up on"},
	}
	if c.sharedFlag("debug") != "" {
		rows = append(rows, [2]string{"-debug", "tell per package what the analysis gave up on"})
	}
	rows = append(rows,
		[2]string{"-version", "print the version"},
		[2]string{"-C dir", "change to dir first"})
	for _, f := range buildFlags {
		name := "-" + f.name
		if f.arg != "" {
			name += " " + f.arg
		}
		rows = append(rows, [2]string{name, f.usage})
	}
	return rows
}

// checkTable returns the checks with their summaries.
func (c *command) checkTable() [][2]string {
	var rows [][2]string
	for _, a := range c.Analyzers {
		summary, _ := splitDoc(a)
		rows = append(rows, [2]string{a.Name, summary})
	}
	return rows
}

// table prints rows of a name and a text.
func (c *command) table(rows [][2]string) {
	w := tabwriter.NewWriter(c.stdout, 0, 8, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(w, "    %s\t%s\n", row[0], row[1])
	}
	w.Flush()
}

// explain prints the pages of checks, or lists the checks.
func (c *command) explain(operands []string) int {
	if len(operands) == 0 {
		fmt.Fprintf(c.stdout, "Checks; see %s explain NAME:\n", c.Name)
		c.table(c.checkTable())
		c.guides()
		return statusClean
	}
	for i, name := range operands {
		a, g := c.analyzer(name), c.guide(name)
		if a == nil && g == nil {
			return c.unknown("check", name, append(checkNames(c.Analyzers), guideNames(c.Guides)...))
		}
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		if a != nil {
			c.page(a)
		} else {
			writeGuide(c.stdout, g.Text)
		}
	}
	return statusClean
}

// guides lists the guides, if there are any.
func (c *command) guides() {
	if len(c.Guides) == 0 {
		return
	}
	var rows [][2]string
	for _, g := range c.Guides {
		rows = append(rows, [2]string{g.Name, g.Summary})
	}
	fmt.Fprintf(c.stdout, "\nGuides; see %s explain NAME:\n", c.Name)
	c.table(rows)
}

// guide returns the guide of that name, or nil.
func (p *Program) guide(name string) *Guide {
	for i, g := range p.Guides {
		if g.Name == name {
			return &p.Guides[i]
		}
	}
	return nil
}

func guideNames(guides []Guide) []string {
	var names []string
	for _, g := range guides {
		names = append(names, g.Name)
	}
	return names
}

func checkNames(analyzers []*analysis.Analyzer) []string {
	var names []string
	for _, a := range analyzers {
		names = append(names, a.Name)
	}
	return names
}

// unknown complains about a name that is none of the given ones.
func (c *command) unknown(kind, name string, names []string) int {
	hint := didYouMean("", name, names)
	switch {
	case len(names) == 0:
		hint = "; there is none"
	case hint == "":
		hint = fmt.Sprintf("; there are %s", strings.Join(names, ", "))
	}
	return c.fail(fmt.Errorf("unknown %s %q%s", kind, name, hint))
}

// splitDoc splits the documentation of an analyzer into its first line,
// without the analyzer's name, and the rest.
func splitDoc(a *analysis.Analyzer) (summary, text string) {
	summary, text, _ = strings.Cut(strings.TrimSpace(a.Doc), "\n\n")
	summary = strings.ReplaceAll(summary, "\n", " ")
	return strings.TrimPrefix(summary, a.Name+": "), text
}

// page prints all there is to know about a check.
func (c *command) page(a *analysis.Analyzer) {
	summary, text := splitDoc(a)
	fmt.Fprintf(c.stdout, "%s: %s\n", a.Name, summary)
	if text != "" {
		fmt.Fprintln(c.stdout)
		writeDoc(c.stdout, text)
	}
	if flags := flagRows(a); len(flags) > 0 {
		fmt.Fprint(c.stdout, "\nFlags:\n")
		c.table(flags)
	}
	if a.URL != "" {
		fmt.Fprintf(c.stdout, "\nMore: %s\n", a.URL)
	}
	for _, g := range c.Guides {
		if g.For(a) {
			fmt.Fprintf(c.stdout, "See also: %s, or %s explain %s\n", g.URL, c.Name, g.Name)
		}
	}
}

// flagRows returns the flags of a check with their meaning.
func flagRows(a *analysis.Analyzer) [][2]string {
	var rows [][2]string
	a.Flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if strings.HasPrefix(usage, "internal: ") {
			return // the program sets it for itself
		}
		name := strings.TrimSpace("-" + a.Name + "." + f.Name + " " + value)
		rows = append(rows, [2]string{name, usage})
	})
	return rows
}

// writeDoc prints the text of a doc comment, wrapped for a terminal.
func writeDoc(w io.Writer, text string) {
	plain, _ := docText(text)
	io.WriteString(w, plain)
}

// writeGuide prints a text in Markdown for a terminal: as it is, but for tables,
// whose lines are too long there. Of a table it prints each row as a paragraph,
// the cells after the first with the headings of their columns.
func writeGuide(w io.Writer, text string) {
	var headings []string // of the table at hand
	for line := range strings.Lines(text) {
		cells, ok := tableRow(line)
		switch {
		case !ok:
			headings = nil
			fmt.Fprint(w, line)
		case headings == nil:
			headings = cells
		case strings.Trim(cells[0], "-: ") != "": // else the line below the headings
			fmt.Fprintln(w, cells[0])
			for i, cell := range cells[1:] {
				if cell != "" && i+1 < len(headings) {
					fmt.Fprintf(w, "    %s: %s\n", headings[i+1], cell)
				}
			}
		}
	}
}

var link = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`) })

// tableRow returns the cells of a row of a table, with the texts of their links.
func tableRow(line string) (cells []string, ok bool) {
	line, ok = strings.CutPrefix(line, "|")
	if !ok {
		return nil, false
	}
	line = link().ReplaceAllString(strings.TrimSuffix(strings.TrimSpace(line), "|"), "$1")
	for cell := range strings.SplitSeq(line, "|") {
		cells = append(cells, strings.TrimSpace(cell))
	}
	return cells, true
}

// pattern prints the source of a reference implementation, writes it into a
// package of the user's, or lists them all.
func (c *command) pattern(args []string) int {
	dir, names, err := c.patternArgs(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return c.help(nil)
	case err != nil:
		return c.fail(err)
	case len(names) > 1:
		return c.fail(fmt.Errorf("pattern takes one name; got %s", strings.Join(names, " ")))
	}
	var known []string
	for _, p := range c.Patterns() {
		if len(names) > 0 && p.Name == names[0] {
			if dir != "" {
				return c.adopt(p, dir)
			}
			c.stdout.Write(p.Source)
			return statusClean
		}
		known = append(known, p.Name)
	}
	switch {
	case len(names) > 0:
		return c.unknown("pattern", names[0], known)
	case dir != "":
		return c.fail(fmt.Errorf("pattern -o takes a name; there are %s", strings.Join(known, ", ")))
	}
	c.patterns()
	return statusClean
}

// patternArgs returns the directory to write to, if any, and the names. Flags
// may stand after a name.
func (c *command) patternArgs(args []string) (dir string, names []string, err error) {
	fs := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.Func("o", "", func(value string) error {
		if value == "" {
			return errors.New("want a directory")
		}
		dir = value
		return nil
	})
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return "", nil, err
		} else if err != nil {
			return "", nil, c.flagError(fs, err)
		}
		if fs.NArg() == 0 {
			return dir, names, nil
		}
		names = append(names, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// patterns lists the reference implementations.
func (c *command) patterns() {
	fmt.Fprintf(c.stdout, "Reference implementations; see %s pattern NAME:\n", c.Name)
	var rows [][2]string
	for _, p := range c.Patterns() {
		// The first sentence of a package comment says its name again.
		rows = append(rows, [2]string{p.Name, strings.TrimPrefix(p.Summary, "Package "+p.Name+" ")})
	}
	c.table(rows)
	c.guides()
}

// adopt writes a reference implementation into a directory and tells what is
// left to do.
func (c *command) adopt(p Pattern, dir string) int {
	r, err := adopt.Write(p.Pattern, dir)
	if err != nil {
		return c.fail(err)
	}
	for _, name := range r.Files {
		fmt.Fprintf(c.stdout, "wrote %s\n", name)
	}
	for _, step := range r.Next {
		fmt.Fprintf(c.stdout, "next: %s", step.Command)
		if step.Reason != "" {
			fmt.Fprintf(c.stdout, "  # %s", step.Reason)
		}
		fmt.Fprintln(c.stdout)
	}
	return statusClean
}

// version prints the version of the program, and of the Go release that built
// it.
func (c *command) version(operands []string) int {
	if len(operands) > 0 {
		return c.fail(fmt.Errorf("version takes no argument; got %s", strings.Join(operands, " ")))
	}
	fmt.Fprintf(c.stdout, "%s %s (%s %s/%s)\n", c.Name, buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return statusClean
}
