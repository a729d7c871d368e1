package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
)

// A corpus is code to analyse.
type corpus struct {
	name     string // a module path, std or cmd
	dir      string // where to run; paths in the results are relative to it
	pattern  string
	env      []string
	platform string // as in linux/amd64, with cgo if that is on
	code     string // which version of the code it is, or ""
}

// A result is what a run on a corpus brought.
type result struct {
	Corpus   string
	Code     string // a version of Go, a commit, or ""
	Platform string
	Packages int
	GaveUp   []gaveUp
	Failures []string // packages that could not be analysed, and why
	Findings []finding

	// What is not accepted, but told.
	lines     int
	wall, cpu time.Duration
	checks    []string // all that ran
	panics    []string
}

// gaveUp is a limit of the analysis that was met.
type gaveUp struct {
	Part, Reason    string
	Times, Packages int
}

// String returns the limit without the counts.
func (g gaveUp) String() string {
	if g.Part == "" {
		return g.Reason
	}
	return g.Part + ": " + g.Reason
}

// A finding is one of concurlint, as text.
type finding struct {
	Text  string // position, check and message
	Story []string
	ID    string // what is recognised of it when the code around has moved
	check string
}

// locate returns the corpus that a word of the command line stands for.
func locate(arg, platform string) (*corpus, error) {
	c := &corpus{name: arg, pattern: "./...", dir: arg, env: os.Environ()}
	if goos, goarch, ok := strings.Cut(platform, "/"); ok {
		c.env = append(c.env, "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	}
	standard := arg == "std" || arg == "cmd"
	if standard {
		c.dir = "."
	}
	var env struct{ GOOS, GOARCH, CGO_ENABLED, GOROOT, GOVERSION string }
	out, err := c.command("go", "env", "-json", "GOOS", "GOARCH", "CGO_ENABLED", "GOROOT", "GOVERSION").Output()
	if err == nil {
		err = json.Unmarshal(out, &env)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: go env: %w", arg, err)
	}
	c.platform = env.GOOS + "/" + env.GOARCH
	if env.CGO_ENABLED == "1" {
		c.platform += " cgo"
	}
	if standard {
		c.dir, c.pattern, c.code = filepath.Join(env.GOROOT, "src"), arg, env.GOVERSION
		return c, nil
	}
	if c.dir, err = filepath.Abs(arg); err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(c.dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("%s is not the folder of a module: %w", arg, err)
	}
	c.name = modfile.ModulePath(mod)
	c.code = c.commit()
	return c, nil
}

// commit returns the commit that is checked out, or "" if the code is not just that.
func (c *corpus) commit() string {
	changes, err := c.command("git", "status", "--porcelain").Output()
	if err != nil || len(changes) > 0 {
		return ""
	}
	head, err := c.command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(head))
}

func (c *corpus) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	return cmd
}

// report is the part of concurlint's JSON that matters here; docs/reports.md
// describes all of it.
type report struct {
	Root     string
	Packages int
	Findings []struct {
		Check, Message, Fingerprint string
		place
		Story []struct {
			Message string
			place
		}
		Fix *struct {
			Message string
			Edits   []struct {
				File       string
				Start, End int
				New        string
			}
		}
	}
	Failures []string
	Stats    struct {
		Findings map[string]int
		GaveUp   []gaveUp
	}
}

type place struct {
	File         string
	Line, Column int
}

// analyse runs a concurlint on the corpus.
func (c *corpus) analyse(tool, tmp string) (*result, error) {
	out := filepath.Join(tmp, "report.json")
	cmd := c.command(tool, "-format=json", "-stats", "-debug", "-o="+out, c.pattern)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	wall := time.Since(start)
	data, readErr := os.ReadFile(out)
	if readErr != nil {
		return nil, fmt.Errorf("concurlint: %v\n%s", err, stderr.Bytes())
	}
	os.Remove(out) // or it would pass for the next one's
	r, err := c.read(data)
	if err != nil {
		return nil, err
	}
	r.wall, r.cpu = wall, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	r.panics = panics(stderr.String())
	r.lines, err = c.countLines()
	return r, err
}

// read makes a result of concurlint's report.
func (c *corpus) read(data []byte) (*result, error) {
	var rep report
	if err := json.Unmarshal(data, &rep); err != nil {
		return nil, err
	}
	r := &result{Corpus: c.name, Code: c.code, Platform: c.platform, Packages: rep.Packages, Failures: rep.Failures, GaveUp: rep.Stats.GaveUp}
	for check := range rep.Stats.Findings {
		r.checks = append(r.checks, check)
	}
	slices.Sort(r.checks)
	at := func(p place) string {
		return fmt.Sprintf("%s:%d:%d", c.path(rep.Root, p.File), p.Line, p.Column)
	}
	for _, f := range rep.Findings {
		got := finding{Text: oneLine(fmt.Sprintf("%s: %s: %s", at(f.place), f.Check, f.Message)), ID: f.Fingerprint, check: f.Check}
		for _, s := range f.Story {
			got.Story = append(got.Story, oneLine(at(s.place)+": "+s.Message))
		}
		if f.Fix != nil {
			got.Story = append(got.Story, oneLine("fix: "+f.Fix.Message))
			for _, e := range f.Fix.Edits {
				got.Story = append(got.Story, fmt.Sprintf("fix: %s:#%d,#%d: %q", c.path(rep.Root, e.File), e.Start, e.End, e.New))
			}
		}
		r.Findings = append(r.Findings, got)
	}
	return r, nil
}

// path returns the path of a file, relative to the corpus.
func (c *corpus) path(root, file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, filepath.FromSlash(file))
	}
	if rel, err := filepath.Rel(c.dir, file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// panicked matches what the debug output, a message about a package that could not be
// analysed, or the Go runtime says of a panic of the analysis. A panic of the analysed
// program, "runs cut: panic", is something else.
var panicked = regexp.MustCompile(`\bpanic (in (the|a|gate)\b|while\b)|\bpanic: |\bfatal error: |stack overflow`)

// maxPanic bounds how much of a panic is told.
const maxPanic = 3000

// panics returns the lines on standard error that tell of panics in the analysis.
func panics(stderr string) []string {
	var list []string
	for line := range strings.Lines(stderr) {
		if panicked.MatchString(strings.ReplaceAll(line, "runs cut: panic", "")) {
			list = append(list, strings.TrimSpace(line[:min(len(line), maxPanic)]))
		}
	}
	return list
}

// countLines returns how many lines of Go the corpus has, with tests.
func (c *corpus) countLines() (int, error) {
	const format = `{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .CgoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}` +
		`{{range .TestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}`
	out, err := c.command("go", "list", "-e", "-f="+format, c.pattern).Output()
	if err != nil {
		return 0, fmt.Errorf("go list: %w", err)
	}
	n := 0
	for name := range strings.Lines(string(out)) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		n += bytes.Count(text, []byte("\n"))
	}
	return n, nil
}
