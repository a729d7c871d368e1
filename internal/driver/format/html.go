package format

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
)

// htmlFormat writes a page that needs nothing but itself: no network, and no
// JavaScript but for the filter. Its Content-Security-Policy admits exactly the
// script that it comes with, so that nothing in a report could become another.
type htmlFormat struct{}

//go:embed page.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// page is parsed when it is first needed: most processes are tools of go vet and
// write none.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"list": list, "text": visible}).Parse(pageTemplate))
})

// openLimit is the number of findings up to which all are shown unfolded.
const openLimit = 12

// pageData is what the template gets.
type pageData struct {
	Title    string
	Tool     Tool
	Policy   string
	Style    template.CSS
	Script   template.JS
	Report   *Report
	Date     string
	Summary  string
	Open     bool
	Checks   []countedName
	Packages []packageData
	Stats    *Stats
	Counts   []countedName // of the statistics
}

type countedName struct {
	Name  string
	Text  string
	Count int
}

type packageData struct {
	Name     string
	Findings []findingData
}

type findingData struct {
	ID       string
	Check    Check
	Message  string
	Suffix   string // the name of the check that ends the message
	Where    string
	Function string
	Package  string
	Print    string
	Excerpts []excerpt
	Diagram  *diagram
	Story    []noteText // where there are no sources to show it in
	Fix      string
}

func (htmlFormat) Write(w io.Writer, r *Report) error {
	hash := sha256.Sum256([]byte(pageScript))
	data := pageData{
		Title: fmt.Sprintf("%s: %s", r.Tool.Name, Counted(len(r.Findings), "finding")),
		Tool:  r.Tool,
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; " +
			"script-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'",
		Style:   template.CSS(pageStyle),
		Script:  template.JS(pageScript),
		Report:  r,
		Date:    r.Time.Format("2 January 2006, 15:04"),
		Summary: fmt.Sprintf("%s in %s", Counted(len(r.Findings), "finding"), Counted(r.Packages, "package")),
		Open:    len(r.Findings) <= openLimit,
		Stats:   r.Stats,
	}
	data.Packages = packages(r)
	counts := make(map[string]int)
	for _, f := range r.Findings {
		counts[f.Check]++
	}
	for name, n := range counts {
		data.Checks = append(data.Checks, countedName{name, r.Tool.check(name).Summary, n})
	}
	slices.SortFunc(data.Checks, func(a, b countedName) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	if r.Stats != nil {
		for name, n := range r.Stats.Findings {
			data.Counts = append(data.Counts, countedName{Name: name, Count: n})
		}
		slices.SortFunc(data.Counts, func(a, b countedName) int { return cmp.Compare(a.Name, b.Name) })
	}
	out := bufio.NewWriter(w)
	if err := page().Execute(out, data); err != nil {
		return err
	}
	return out.Flush()
}

// packages groups the findings.
func packages(r *Report) []packageData {
	var list []packageData
	index := make(map[string]int)
	for i := range r.Findings {
		f := &r.Findings[i]
		k, ok := index[f.Package]
		if !ok {
			k = len(list)
			index[f.Package] = k
			list = append(list, packageData{Name: visible(f.Package)})
		}
		list[k].Findings = append(list[k].Findings, newFindingData(r, f, fmt.Sprintf("f%d", i+1)))
	}
	return list
}

func newFindingData(r *Report, f *Finding, id string) findingData {
	d := findingData{
		ID: id, Check: r.Tool.check(f.Check), Message: visible(f.Message), Function: visible(f.Function),
		Package: visible(f.Package), Print: f.Fingerprint, Where: "-",
	}
	if i := strings.LastIndex(d.Message, " ("+f.Check); i > 0 {
		d.Message, d.Suffix = d.Message[:i], strings.Trim(d.Message[i:], " ()")
	}
	if f.At.File != "" {
		d.Where = fmt.Sprintf("%s:%d:%d", visible(r.path(f.At.File)), f.At.Line, f.At.Column)
	}
	var anchor func(Place) string
	d.Excerpts, anchor = r.excerpts(f, id)
	d.Diagram = newDiagram(f, anchor)
	if len(d.Excerpts) == 0 {
		for i, n := range f.Story {
			d.Story = append(d.Story, noteText{i + 1, fmt.Sprintf("%s: %s", r.posn(n.At), visible(n.Message))})
		}
	}
	if f.Fix != nil {
		d.Fix = visible(f.Fix.Message)
	}
	return d
}

// Counted returns a number with its noun.
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list lets the template hand several values to another one.
func list(values ...any) []any { return values }
