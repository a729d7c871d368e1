package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
	"github.com/concurlint/concurlint/internal/driver/lsptest"
)

// offline is what the program says when a part of gopls cannot be downloaded.
var offline = regexp.MustCompile(`module proxy cannot be reached|module lookup disabled by GOPROXY=off|dial tcp|no such host`)

// buildGopls builds gopls with the checks of this module, as a user does.
func buildGopls(t *testing.T) (exe string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds gopls, which takes a minute unless it is in the build cache")
	}
	exe = filepath.Join(t.TempDir(), "gopls")
	out, err := concurlint("gopls", "-replace=../..", "-o="+exe).CombinedOutput()
	if err != nil && offline.Match(out) {
		t.Skipf("gopls is not in the module cache and cannot be downloaded: %s", out)
	}
	if err != nil {
		t.Fatalf("building gopls: %v\n%s", err, out)
	}
	for _, want := range []string{"built gopls v", "go.alternateTools", `"` + exe + `"`, "docs/editors.md"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	return exe
}

// TestGopls is a conversation with gopls as users run it: the findings come while
// typing.
func TestGopls(t *testing.T) {
	exe := buildGopls(t)
	version, err := exec.Command(exe, "version").Output()
	if err != nil || !strings.HasPrefix(string(version), "golang.org/x/tools/gopls v0.") {
		t.Errorf("gopls version: %v\n%s", err, version)
	}
	dir := writeEditorModule(t)
	work, fetch := filepath.Join(dir, "work", "work.go"), filepath.Join(dir, "fetch", "fetch.go")
	goenv, err := exec.Command("go", "env", "GOENV").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	// Nothing is left behind in the user's folders.
	cmd.Env = append(os.Environ(), "GOPLSCACHE="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir(), "GOENV="+strings.TrimSpace(string(goenv)))
	e := lsptest.Start(t, cmd)
	e.Initialize(lsptest.Capabilities(), "", dir)
	e.Open(work)
	d := awaitCode(e, work, "wgadd")
	checkFinding(t, *d, work, "wgadd")

	// Nothing is saved: the text in the editor is what counts.
	broken := e.Text(work)
	applyFix(t, e, work, *d)
	awaitNone(e, work, "wgadd")
	e.Change(work, broken)
	awaitCode(e, work, "wgadd")
	e.Answer(`{"analyses": {"wgadd": false}}`)
	e.Configure(`{}`)
	awaitNone(e, work, "wgadd")

	e.Open(fetch)
	d = awaitCode(e, fetch, "errgroupctx")
	applyFix(t, e, fetch, *d)
	if !strings.Contains(e.Text(fetch), `return get("😀 世界", gctx)`) {
		t.Errorf("after the fix:\n%s", e.Text(fetch))
	}
	awaitNone(e, fetch, "errgroupctx")
	e.Shutdown()
	if err := cmd.Wait(); err != nil {
		t.Errorf("gopls ended with %v", err)
	}
}

// awaitCode waits until a file has one diagnostic with the code, whatever gopls
// has to say besides.
func awaitCode(e *lsptest.Editor, name, code string) (found *protocol.Diagnostic) {
	e.Await(code+" in "+name, func(s *lsptest.Seen) bool {
		for i, d := range s.Diagnostics[name] {
			if d.Code == code {
				found = &s.Diagnostics[name][i]
				return true
			}
		}
		return false
	})
	return found
}

// awaitNone waits until a file has no diagnostic with the code.
func awaitNone(e *lsptest.Editor, name, code string) {
	e.Await("no "+code+" in "+name, func(s *lsptest.Seen) bool {
		for _, d := range s.Diagnostics[name] {
			if d.Code == code {
				return false
			}
		}
		return true
	})
}

// TestGoplsErrors asks for a gopls that cannot be built. Each time there is one
// line that says why, and no file.
func TestGoplsErrors(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "gopls")
	other := filepath.Join(t.TempDir(), "other")
	if err := os.MkdirAll(other, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "go.mod"), []byte("module example.com/other\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	const replace = "-replace=../.."
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"development version", nil, "not a released version; name the folder of its source with -replace"},
		{"unknown flag", []string{"-gopl=v0.23.0"}, "unknown flag -gopl; did you mean -gopls?"},
		{"package", []string{"./..."}, "gopls takes flags only"},
		{"no folder", []string{"-o", filepath.Join(dir, "nosuch", "gopls"), replace}, "cannot write"},
		{"no module", []string{"-replace", dir}, "is not the folder of a module"},
		{"other module", []string{"-replace", other}, "is the folder of module example.com/other, not of github.com/concurlint/concurlint"},
		{"nonsense for a version", []string{"-gopls=nonsense", replace}, "cannot get gopls nonsense: "},
		{"no proxy", []string{"-gopls=v0.1.99", replace}, "the module proxy cannot be reached and the version is not in the module cache"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"gopls"}, test.args...)
			if !strings.Contains(strings.Join(args, " "), "-o") {
				args = append(args, "-o", out)
			}
			if len(test.args) > 0 && !strings.HasPrefix(test.args[0], "-") {
				args = []string{"gopls", "-o", out, test.args[0]}
			}
			cmd := concurlint(args...)
			cmd.Env = append(os.Environ(), "GOPROXY=off")
			got, _ := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != 2 || strings.Count(string(got), "\n") != 1 || !strings.Contains(string(got), test.want) {
				t.Errorf("status %d, output:\n%s\nwant %q", cmd.ProcessState.ExitCode(), got, test.want)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
		})
	}
}
