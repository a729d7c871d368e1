package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
	"github.com/concurlint/concurlint/internal/driver/lsptest"
)

// editorModule is what the editors open: a finding with a fix, one whose place
// and fix come after characters that UTF-8 and UTF-16 count differently, and a
// package that does not compile.
const editorModule = `
-- go.mod --
module example.com/m

go 1.26.0

require golang.org/x/sync VERSION
-- work/work.go --
package work

import "sync"

// All calls the functions, three at most.
func All(list []func()) {
	var wg sync.WaitGroup
	for _, f := range list[:min(3, len(list))] {
		go func() {
			wg.Add(1)
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}
-- fetch/fetch.go --
package fetch

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Two fetches two pages.
func Two(ctx context.Context, get func(string, context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return get("é", gctx)
	})
	g.Go(func() error {
		return get("😀 世界", ctx)
	})
	return g.Wait()
}
-- broken/broken.go --
package broken

func F() int { return "" }
`

// writeEditorModule writes editorModule to a new folder.
func writeEditorModule(t *testing.T) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	// The version that is in the module cache, with its checksums.
	version, err := exec.Command("go", "list", "-m", "-f={{.Version}}", "golang.org/x/sync").Output()
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse([]byte(strings.Replace(editorModule, "VERSION", strings.TrimSpace(string(version)), 1)))
	for _, f := range append(archive.Files, txtar.File{Name: "go.sum", Data: sums}) {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// concurlint returns the command to run the program.
func concurlint(args ...string) *exec.Cmd {
	return exec.Command(filepath.Join(binDir, "concurlint"), args...)
}

// TestLSP is a conversation with the program's own language server.
func TestLSP(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses a module several times")
	}
	dir := writeEditorModule(t)
	work, fetch, broken := filepath.Join(dir, "work", "work.go"), filepath.Join(dir, "fetch", "fetch.go"), filepath.Join(dir, "broken", "broken.go")
	cmd := concurlint("lsp", "--stdio")
	e := lsptest.Start(t, cmd)
	if info := e.Initialize(lsptest.Capabilities(), "", dir); info.Name != "concurlint" || info.Version == "" {
		t.Errorf("server: %+v", info)
	}
	e.Open(work)
	e.Open(broken)
	d := e.AwaitCodes(work, "wgadd")[0]
	checkFinding(t, d, work, "concurlint")
	e.Await("a note on the broken package", func(s *lsptest.Seen) bool {
		return strings.Contains(strings.Join(s.Logged, "\n"), "broken.go:3:23")
	})
	e.AwaitIdle(1)

	hover := e.Hover(work, d.Range.Start)
	if hover == nil {
		t.Fatal("no hover")
	}
	page := hover.Contents
	for _, want := range []string{"**wgadd**: report a WaitGroup.Add", "\n\n", "docs/checks/wgadd.md)"} {
		if page.Kind != protocol.Markdown || !strings.Contains(page.Value, want) {
			t.Errorf("hover lacks %q:\n%s", want, page.Value)
		}
	}
	if e.Hover(work, protocol.Position{}) != nil {
		t.Error("hover where there is no finding")
	}

	applyFix(t, e, work, d)
	e.Save(work)
	e.AwaitCodes(work)
	e.Close(broken)

	// A range and an edit after characters outside the BMP.
	e.Open(fetch)
	d = e.AwaitCodes(fetch, "errgroupctx")[0]
	applyFix(t, e, fetch, d)
	if !strings.Contains(e.Text(fetch), `return get("😀 世界", gctx)`) {
		t.Errorf("after the fix:\n%s", e.Text(fetch))
	}
	e.Configure(`{"concurlint": {"checks": {"errgroupctx": false}}}`)
	e.AwaitCodes(fetch)
	e.Configure(`{"concurlint": {}}`)
	e.AwaitCodes(fetch, "errgroupctx") // since it is not saved yet
	e.Save(fetch)
	e.AwaitCodes(fetch)
	e.Look(func(s *lsptest.Seen) {
		if len(s.Shown) > 0 {
			t.Errorf("shown: %q", s.Shown)
		}
	})
	e.Shutdown()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// checkFinding checks what is special about the finding of wgadd in work.go.
func checkFinding(t *testing.T, d protocol.Diagnostic, file, source string) {
	t.Helper()
	if got := d.Range.Start; got != (protocol.Position{Line: 9, Character: 3}) {
		t.Errorf("range starts at %v", got)
	}
	if d.CodeDescription == nil || d.CodeDescription.Href != "https://github.com/concurlint/concurlint/blob/main/docs/checks/wgadd.md" {
		t.Errorf("link: %v", d.CodeDescription)
	}
	if d.Source != source {
		t.Errorf("source: %q, want %q", d.Source, source)
	}
	if d.Severity != protocol.SeverityWarning {
		t.Errorf("severity: %v", d.Severity)
	}
	if !strings.Contains(d.Message, "(wgadd; see patterns/workerpool)") {
		t.Errorf("message: %q", d.Message)
	}
	var lines []uint32
	for _, r := range d.RelatedInformation {
		if r.Location.URI.FsPath() != file || r.Message == "" {
			t.Errorf("related: %+v", r)
		}
		lines = append(lines, r.Location.Range.Start.Line)
	}
	if len(lines) != 3 || lines[0] != 8 || lines[1] != 9 || lines[2] != 14 {
		t.Errorf("lines of related positions: %v, want 8, 9, 14", lines)
	}
}

// applyFix applies the one quick fix of a diagnostic to the open file.
func applyFix(t *testing.T, e *lsptest.Editor, file string, d protocol.Diagnostic) {
	t.Helper()
	actions := e.Actions(file, d.Range, d)
	if len(actions) != 1 || actions[0].Edit == nil || actions[0].Kind != protocol.QuickFix {
		t.Fatalf("actions: %+v", actions)
	}
	if len(actions[0].Diagnostics) != 1 || actions[0].Title == "" {
		t.Errorf("action %q for %d diagnostics", actions[0].Title, len(actions[0].Diagnostics))
	}
	e.Apply(actions[0].Edit)
}

// TestLSPEnd ends the server as editors that crash do, and starts it with a wrong
// command line.
func TestLSPEnd(t *testing.T) {
	cmd := concurlint("lsp")
	out, err := cmd.CombinedOutput() // standard input is empty
	if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "without a shutdown request") {
		t.Errorf("without a client: %v\n%s", err, out)
	}
	for _, args := range [][]string{{"./..."}, {"-fix"}, {"-nosuch"}, {"-json"}} {
		cmd := concurlint(append([]string{"lsp"}, args...)...)
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 || !strings.HasPrefix(string(out), "concurlint: ") {
			t.Errorf("lsp %q: status %d\n%s", args, cmd.ProcessState.ExitCode(), out)
		}
	}
}
