package analyzers_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
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

// rulesGo is the version of Bazel's rules for Go that nogo is taken from.
const rulesGo = "github.com/bazelbuild/rules_go@v0.65.0"

// unreachable is what the go command says where a module is neither in the cache nor to
// be had.
var unreachable = regexp.MustCompile(`module lookup disabled|dial tcp|no such host|connection refused|Forbidden|i/o timeout|missing go.sum entry`)

// A nogo is the program that Bazel builds from nogo's sources and the analyzers, with
// the folder that it was built in.
type nogo struct {
	exe, dir string
}

// run runs a command of the build, which has no module but that in the folder.
func (n *nogo) run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && unreachable.Match(stderr.Bytes()) {
		t.Skipf("nogo's sources cannot be had: %s", &stderr)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, &stderr, out)
	}
	return strings.TrimSpace(string(out))
}

// buildNogo builds nogo as rules_go does: with the main file that its builder generates
// from the list of packages and the configuration in docs/scale.md, compiled and linked
// against the export data of what it imports. (Bazel knows nothing of internal packages,
// so nogo imports one of golang.org/x/tools; go build would refuse.)
func buildNogo(t *testing.T) *nogo {
	t.Helper()
	n := &nogo{dir: t.TempDir()}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	path, version, _ := strings.Cut(rulesGo, "@")
	write(t, filepath.Join(n.dir, "go.mod"), fmt.Sprintf(
		"module example.com/nogo\n\ngo 1.26.0\n\nrequire (\n\t%s %s\n\t%s v0.0.0\n)\n\nreplace %s => %q\n", path, version, module, module, root))
	builders := filepath.Join(n.run(t, n.dir, "go", "list", "-m", "-f", "{{.Dir}}", path), "go", "tools", "builders")
	rules, err := os.ReadFile(filepath.Join(builders, "BUILD.bazel"))
	if err != nil {
		t.Skipf("nogo's sources cannot be had: %v", err)
	}

	paths, config := nogoPackages(t)
	write(t, filepath.Join(n.dir, "nogo.json"), config)
	builder, main := filepath.Join(n.dir, "builder.exe"), filepath.Join(n.dir, "main.go")
	n.run(t, n.dir, append([]string{"go", "build", "-ldflags=-X=main.rulesGoStdlibPrefix=std", "-o", builder}, append(sources(t, builders, rules, "builder_srcs"), filepath.Join(builders, pathFile()))...)...)
	generate := []string{builder, "gennogomain", "-output", main, "-config", filepath.Join(n.dir, "nogo.json")}
	for _, path := range paths {
		generate = append(generate, "-analyzer_importpath", path)
	}
	n.run(t, n.dir, generate...)

	srcs := append(sources(t, builders, rules, "nogo_srcs"), main)
	imported := append(paths, "golang.org/x/tools/go/analysis", "golang.org/x/tools/go/gcexportdata", "golang.org/x/tools/internal/facts", "github.com/aymanbagabas/go-udiff", "std")
	importcfg, archive := filepath.Join(n.dir, "importcfg"), filepath.Join(n.dir, "nogo.a")
	write(t, importcfg, n.exports(t, n.dir, imported...))
	n.exe = filepath.Join(n.dir, "nogo.exe")
	n.run(t, n.dir, append([]string{"go", "tool", "compile", "-p", "main", "-importcfg", importcfg, "-o", archive}, srcs...)...)
	n.run(t, n.dir, "go", "tool", "link", "-importcfg", importcfg, "-o", n.exe, archive)
	return n
}

// exports returns the file that tells a compiler, or nogo, where export data are.
func (n *nogo) exports(t *testing.T, dir string, paths ...string) string {
	return n.run(t, dir, append([]string{"go", "list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"}, paths...)...)
}

// sources returns the Go files that a rule of the BUILD file lists.
func sources(t *testing.T, dir string, rules []byte, rule string) (files []string) {
	t.Helper()
	m := regexp.MustCompile(`(?s)name = "` + rule + `",\s*srcs = \[(.*?)\]`).FindSubmatch(rules)
	if m == nil {
		t.Fatalf("%s has no rule %s", rulesGo, rule)
	}
	for _, f := range regexp.MustCompile(`"([\w.]+\.go)"`).FindAllSubmatch(m[1], -1) {
		name := string(f[1])
		if ok, err := build.Default.MatchFile(dir, name); err != nil {
			t.Fatal(err)
		} else if ok { // not one for an older Go
			files = append(files, filepath.Join(dir, name))
		}
	}
	return files
}

// pathFile is the one file of the builder that depends on the system.
func pathFile() string {
	if runtime.GOOS == "windows" {
		return "path_windows.go"
	}
	return "path.go"
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestNogo builds nogo with the analyzers and analyses a module with it, package by
// package, the facts of each going to those that import it.
func TestNogo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds nogo, which takes a minute unless it is in the build cache")
	}
	n := buildNogo(t)
	app := t.TempDir()
	text, err := txtar.ParseFile("../testdata/nogo.txtar")
	if err != nil {
		t.Fatal(err)
	}
	wants := make(map[string]string) // what is to be found, by folder
	for _, f := range text.Files {
		write(t, filepath.Join(app, f.Name), string(f.Data))
		for i, line := range strings.Split(string(f.Data), "\n") {
			if _, check, ok := strings.Cut(line, "// want "); ok {
				wants[filepath.Dir(f.Name)] += fmt.Sprintf("%s:%d %s\n", f.Name, i+1, check)
			}
		}
	}
	importcfg := filepath.Join(app, "importcfg")
	write(t, importcfg, n.exports(t, app, "./..."))

	facts := make(map[string]string)
	for _, dir := range []string{"lines", "user", "jobs", "third_party"} {
		out, fixes := n.analyse(t, app, dir, facts)
		if got := found(out); got != wants[dir] {
			t.Errorf("%s: got\n%swant\n%s%s", dir, got, wants[dir], out)
		}
		if fixed := strings.Contains(fixes, "+\t\twg.Add(1)") || strings.Contains(fixes, "+\t\twg.Go(func() {"); fixed != (dir == "jobs") {
			t.Errorf("%s: the fixes are\n%s", dir, fixes)
		}
	}
	if len(readAll(t, facts["example.com/app/lines"])) == 0 {
		t.Error("lines has no facts")
	}

	// Facts alone, of a package that is not to be linted, are the same bytes.
	for _, dir := range []string{"lines", "jobs"} {
		full := readAll(t, facts["example.com/app/"+dir])
		again := maps.Clone(facts)
		if out, _ := n.analyse(t, app, dir, again, "-facts_only"); found(out) != "" {
			t.Errorf("%s: findings when only facts are asked for:\n%s", dir, out)
		}
		if !bytes.Equal(full, readAll(t, again["example.com/app/"+dir])) {
			t.Errorf("%s: other facts when only facts are asked for", dir)
		}
	}

	// Without them nothing is known of the other package.
	if out, _ := n.analyse(t, app, "user", map[string]string{}); found(out) != "" {
		t.Errorf("found without facts:\n%s", out)
	}
}

// analyse runs nogo on the package in a folder of a module, as rules_go's builder does,
// and returns what it prints and the patch that it leaves. It adds the file with the
// facts of the package to those of the others.
func (n *nogo) analyse(t *testing.T, app, dir string, facts map[string]string, flags ...string) (out, fixes string) {
	t.Helper()
	results := t.TempDir()
	path, output := "example.com/app/"+dir, filepath.Join(results, "facts")
	args := append(flags, "-p", path, "-fix_dir", results, "-importcfg", filepath.Join(app, "importcfg"), "-go_version", "1.26", "-x", output)
	for _, imported := range slices.Sorted(maps.Keys(facts)) {
		args = append(args, "-fact", imported+"="+facts[imported])
	}
	cmd := exec.Command(n.exe, append(args, dir+"/"+dir+".go")...)
	cmd.Dir = app
	text, err := cmd.CombinedOutput()
	const violation = 3 // nogo's status for findings
	if exit := new(exec.ExitError); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == violation) {
		t.Fatalf("nogo %s: %v\n%s", dir, err, text)
	}
	facts[path] = output
	patch, _ := os.ReadFile(filepath.Join(results, "nogo.patch"))
	return string(text), string(patch)
}

// found returns the place and the analyzer of each finding that nogo printed.
func found(out string) (list string) {
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: .* \((\w+)\)$`).FindAllStringSubmatch(out, -1) {
		list += m[1] + " " + m[2] + "\n"
	}
	return list
}

func readAll(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
