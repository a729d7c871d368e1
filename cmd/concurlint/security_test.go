package main_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestNoNetwork: nothing in the program can reach a network. Package net is part of it,
// since the library behind the language server names its types, but of its functions none
// is linked that makes or takes a connection or looks up a name.
func TestNoNetwork(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(deps)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		if regexp.MustCompile(`^(net/(http|smtp|rpc|textproto)|crypto/tls|plugin)(/|$)`).MatchString(pkg) {
			t.Errorf("the program contains %s", pkg)
		}
		if slices.Contains(strings.Fields(imports), "net") && pkg != "go.lsp.dev/jsonrpc2" {
			t.Errorf("%s imports net", pkg)
		}
	}
	symbols, err := exec.Command("go", "tool", "nm", filepath.Join(binDir, "concurlint")).Output()
	if err != nil || !regexp.MustCompile(` T main\.main\n`).Match(symbols) {
		t.Skipf("the symbols of the program cannot be read: %v", err)
	}
	for _, m := range regexp.MustCompile(` T (net\.\(?\*?(Dial|Listen|Resolver|sysDialer|sysListener|netFD|conn)\w*\)?\S*|syscall\.(Connect|Bind|Listen))\n`).FindAllSubmatch(symbols, -1) {
		t.Errorf("the program can call %s", m[1])
	}
}

// starters are the packages that start programs, and which.
var starters = map[string]string{
	"internal/driver/gocmd": "the go command",
	"internal/driver/gopls": "the go command, and what it has built of gopls",
	"internal/driver/unit":  "the program itself, for one more package",
}

// TestWhoStarts: what analyses can start no program, and of the drivers few do.
func TestWhoStarts(t *testing.T) {
	const module = "github.com/concurlint/concurlint/"
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		pkg, ours := strings.CutPrefix(imports[0], module)
		if starts := slices.Contains(imports[1:], "os/exec"); ours && starts != (starters[pkg] != "") {
			t.Errorf("%s imports os/exec: %t", pkg, starts)
		}
	}
	deps, err := exec.Command("go", "list", "-deps", "../../analyzers").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range strings.Fields(string(deps)) {
		if pkg == "os/exec" || pkg == "net" || pkg == "plugin" {
			t.Errorf("the analyzers depend on %s", pkg)
		}
	}
}

// eager leaves a file behind wherever its code gets the chance to run.
const eager = `
-- go.mod --
module example.com/eager

go 1.26
-- eager.go --
package eager

import (
	"os"
	"sync"
)

//go:generate touch ran

var _ = os.WriteFile("ran", nil, 0o666)

func init() { os.WriteFile("ran", nil, 0o666) }

// All counts too late.
func All(list [3]func()) {
	var wg sync.WaitGroup
	for _, f := range list {
		go func() {
			wg.Add(1)
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}
-- eager_test.go --
package eager

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.WriteFile("ran", nil, 0o666) }
-- cmd/tool/main.go --
package main

import "os"

func main() { os.WriteFile("ran", nil, 0o666) }
`

// tree returns the files below a folder with what is in them, and when they were written.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := fmt.Sprint(info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			text += fmt.Sprintf(" %x", sha256.Sum256(data))
		}
		if rel, err := filepath.Rel(dir, name); err == nil && !d.IsDir() {
			files[filepath.ToSlash(rel)] = text
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// changed returns the names of files that are new, gone or other than before.
func changed(before, after map[string]string) []string {
	all := maps.Clone(before)
	maps.Copy(all, after)
	var names []string
	for name := range all {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestWrites: no file is written but those that -fix, -o and -write-baseline name, none
// is left behind among temporary files or in the home folder, and nothing of the analysed
// code is run. (The go command has its cache, and a folder of its own for counters.)
func TestWrites(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"text", []string{"./..."}, ""},
		{"JSON", []string{"-format=json", "./..."}, ""},
		{"SARIF", []string{"-format=sarif", "./..."}, ""},
		{"a page", []string{"-format=html", "./..."}, ""},
		{"GitHub", []string{"-format=github", "./..."}, ""},
		{"statistics", []string{"-stats", "-debug", "./..."}, ""},
		{"a patch", []string{"-fix", "-diff", "./..."}, ""},
		{"pages", []string{"explain", "wgadd"}, ""},
		{"a pattern", []string{"pattern", "group"}, ""},
		{"go vet", []string{"go", "vet"}, ""},
		{"-o", []string{"-format=html", "-o=report.html", "./..."}, "report.html"},
		{"-write-baseline", []string{"-write-baseline=known.json", "./..."}, "known.json"},
		{"-fix", []string{"-fix", "./..."}, "eager.go"},
	}
	exe := filepath.Join(binDir, "concurlint")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, home, temp := t.TempDir(), t.TempDir(), t.TempDir()
			for _, f := range txtar.Parse([]byte(eager)).Files {
				name := filepath.Join(dir, f.Name)
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if test.want == "" && runtime.GOOS != "windows" {
				protect(t, dir)
			}
			cmd := exec.Command(exe, test.args...)
			if test.name == "go vet" {
				cmd = exec.Command("go", "vet", "-vettool="+exe, "./...")
			}
			cmd.Dir, cmd.Env = dir, append(callEnv(t), "HOME="+home, "USERPROFILE="+home, "XDG_CONFIG_HOME="+home, "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
			before := tree(t, dir)
			out, err := cmd.CombinedOutput()
			if err != nil && cmd.ProcessState.ExitCode() != 1 {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := strings.Join(changed(before, tree(t, dir)), " "); got != test.want {
				t.Errorf("it wrote %q, not %q\n%s", got, test.want, out)
			}
			for name := range tree(t, temp) {
				t.Errorf("a temporary file is left: %s", name)
			}
			for name := range tree(t, home) {
				if !strings.Contains(name, "telemetry/") { // the go command's counters
					t.Errorf("there is a file in the home folder: %s", name)
				}
			}
		})
	}
}

// callEnv is the environment with the go command's folders as they are, wherever the
// home folder is.
func callEnv(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE", "GOPATH", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	return append(os.Environ(), "GOCACHE="+dirs[0], "GOPATH="+dirs[1], "GOMODCACHE="+dirs[2], "GOFLAGS=", "GOWORK=off")
}

// protect takes the permission to write from a folder and all in it.
func protect(t *testing.T, dir string) {
	t.Helper()
	set := func(file, folder fs.FileMode) {
		filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				t.Error(err)
				return nil
			}
			if d.IsDir() {
				return os.Chmod(name, folder)
			}
			return os.Chmod(name, file)
		})
	}
	set(0o444, 0o555)
	t.Cleanup(func() { set(0o666, 0o777) })
}
