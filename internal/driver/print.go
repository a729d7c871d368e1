package driver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"github.com/concurlint/concurlint/internal/driver/baseline"
	"github.com/concurlint/concurlint/internal/driver/format"
	"github.com/concurlint/concurlint/internal/driver/gocmd"
)

// report prints the results: findings or the patch to standard output or to the
// file of -o, what could not be analysed and debug output to standard error.
func (c *command) report(o *options, r *results) error {
	if err := c.write(o, r); err != nil {
		return err
	}
	if o.debug {
		text := format.Text{Context: -1}
		if err := text.Write(c.stderr, &format.Report{Dir: r.report.Dir, Findings: r.debug}); err != nil {
			return err
		}
	}
	for _, f := range r.failures {
		c.complain(f.Message)
	}
	if o.stats {
		writeStats(c.stderr, c.Name, r.report.Stats)
	}
	return nil
}

// write writes what the run is about.
func (c *command) write(o *options, r *results) error {
	switch {
	case o.writeBaseline != "":
		err := writeFile(o.path(o.writeBaseline), func(w io.Writer) error { return baseline.Write(w, r.entries) })
		if err == nil {
			fmt.Fprintf(c.stderr, "%s: wrote %s with %s\n", c.Name, o.writeBaseline, format.Counted(len(r.entries), "finding"))
		}
		return err
	case o.output == "" || o.output == "-":
		out := bufio.NewWriter(c.stdout)
		if err := c.writeTo(out, o, r, c.stdoutTerminal()); err != nil {
			return err
		}
		return out.Flush()
	}
	return writeFile(o.path(o.output), func(w io.Writer) error {
		out := bufio.NewWriter(w)
		if err := c.writeTo(out, o, r, nil); err != nil {
			return err
		}
		return out.Flush()
	})
}

// writeTo writes the patch, or the findings in the format that was asked for.
// The terminal is nil where the output goes elsewhere.
func (c *command) writeTo(w io.Writer, o *options, r *results, terminal *os.File) error {
	switch {
	case o.diff:
		writePatch(w, r.report.Dir, r.patch)
		return nil
	case o.json:
		return writeJSON(w, r.raw)
	}
	opts := format.Options{Context: o.context}
	if terminal != nil {
		opts.Terminal = true
		opts.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(terminal.Fd())); err == nil {
			opts.Width = width
		}
	}
	f, err := format.New(o.format, opts)
	if err != nil {
		return err
	}
	return f.Write(w, r.report)
}

// stdoutTerminal returns standard output if it is a terminal, or nil.
func (c *command) stdoutTerminal() *os.File {
	if f, ok := c.stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// writeJSON prints the findings as one JSON object of the form that go vet
// prints per package: from package to analyzer to diagnostics.
func writeJSON(w io.Writer, findings []gocmd.Finding) error {
	tree := make(map[string]map[string][]json.RawMessage)
	for _, f := range findings {
		if tree[f.Unit] == nil {
			tree[f.Unit] = make(map[string][]json.RawMessage)
		}
		tree[f.Unit][f.Analyzer] = append(tree[f.Unit][f.Analyzer], f.JSON)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(tree)
}

// workDir returns the absolute path of the directory to run in.
func workDir(dir string) (string, error) {
	if dir == "" {
		return os.Getwd()
	}
	return filepath.Abs(dir)
}

// repository returns the top of the repository that a directory belongs to, or
// the directory itself. A workflow of GitHub tells it.
func repository(dir string) string {
	if top := os.Getenv("GITHUB_WORKSPACE"); top != "" && filepath.IsAbs(top) {
		if _, ok := format.Below(top, dir); ok {
			return filepath.Clean(top)
		}
	}
	for top := dir; ; top = filepath.Dir(top) {
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil {
			return top
		}
		if filepath.Dir(top) == top {
			return dir
		}
	}
}

// readOverlay returns the files that -overlay replaces, by absolute path. The go
// command has complained about a file that makes no sense.
func readOverlay(dir, name string) map[string]string {
	data, err := os.ReadFile(absolute(dir, name))
	if name == "" || err != nil {
		return nil
	}
	var overlay struct{ Replace map[string]string }
	if json.NewDecoder(bytes.NewReader(data)).Decode(&overlay) != nil {
		return nil
	}
	files := make(map[string]string)
	for from, to := range overlay.Replace {
		if to != "" {
			to = absolute(dir, to)
		}
		files[absolute(dir, from)] = to
	}
	return files
}

// absolute returns the path relative to a directory as an absolute one.
func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
