package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/concurlint/concurlint/internal/driver/drivertest"
)

// golangci is the module that the plugin is for.
const golangci = "github.com/golangci/golangci-lint/v2"

// pluginDir is the folder of the plugin.
const pluginDir = "../.."

// programs are what TestMain builds: the command, and the one in the
// documentation with other messages, as a new release of concurlint might have
// them.
var programs struct{ plain, reworded string }

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped: building golangci-lint and running it is too much for -short")
		return
	}
	status, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func buildAndRun(m *testing.M) (status int, err error) {
	dir, err := os.MkdirTemp("", "golangci")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	overlay, err := reword(dir)
	if err != nil {
		return 0, err
	}
	name := "custom-gcl"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	programs.plain = filepath.Join(dir, "plain", name)
	programs.reworded = filepath.Join(dir, "reworded", name)
	if err := build(programs.plain); err != nil {
		return 0, err
	}
	if err := build(programs.reworded, "-overlay="+overlay); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// build builds the command in this folder. What go build has compiled before, it
// does not compile again; what it costs then is to link.
func build(program string, flags ...string) error {
	args := append([]string{"build", "-ldflags=-s -w", "-o", program}, flags...)
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		return fmt.Errorf("building golangci-lint: %v\n%s", err, out)
	}
	return nil
}

// reword writes an overlay for go build that replaces the main by the one in the
// documentation and changes the plugin's messages. It returns the overlay's name.
func reword(dir string) (overlay string, err error) {
	text, err := os.ReadFile(filepath.Join(pluginDir, "analyzer.go"))
	if err != nil {
		return "", err
	}
	const old = `"line %d"`
	if strings.Count(string(text), old) != 1 {
		return "", fmt.Errorf("analyzer.go does not contain %s once", old)
	}
	documented, err := documentedMain()
	if err != nil {
		return "", err
	}
	replace := make(map[string]string)
	for name, content := range map[string]string{
		filepath.Join(pluginDir, "analyzer.go"): strings.Replace(string(text), old, `"reworded line %d"`, 1),
		"main.go":                               documented,
	} {
		source, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		replace[source] = filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(replace[source], []byte(content), 0o666); err != nil {
			return "", err
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, data, 0o666)
}

// TestScript runs golangci-lint with the plugin in the modules of the scripts in
// testdata/script.
func TestScript(t *testing.T) {
	goEnv, err := drivertest.Env()
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := filepath.Abs(pluginDir)
	if err != nil {
		t.Fatal(err)
	}
	source, err := exec.Command("go", "list", "-m", "-f={{.Dir}}", golangci).Output()
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := exec.Command("go", "env", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, goEnv...)
			e.Setenv("GOLANGCI_LINT_CACHE", filepath.Join(e.WorkDir, ".cache"))
			e.Setenv("REWORDED", programs.reworded)
			e.Setenv("PLUGIN", plugin)
			e.Setenv("GOLANGCI", strings.TrimSpace(string(source)))
			e.Setenv("PROXY", strings.TrimSpace(string(proxy)))
			e.Setenv("PATH", filepath.Dir(programs.plain)+string(filepath.ListSeparator)+e.Getenv("PATH"))
			return nil
		},
		Condition: func(condition string) (bool, error) {
			if condition != "proxy" {
				return false, fmt.Errorf("unknown condition %q", condition)
			}
			return exec.Command("go", "list", "-m", "-versions", golangci).Run() == nil, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"issues": issues,
		},
		RequireUniqueNames: true,
	})
}

// issues compares what golangci-lint's JSON on standard output says with what is
// expected, one issue in a line: issues FILE:LINE[+N FIXES]...
func issues(ts *testscript.TestScript, _ bool, want []string) {
	var output struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename string
				Line     int
			}
			SuggestedFixes []struct{ TextEdits []any }
		}
	}
	if err := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout"))).Decode(&output); err != nil {
		ts.Fatalf("golangci-lint's JSON: %v", err)
	}
	var got []string
	for _, i := range output.Issues {
		if i.FromLinter != "concurlint" {
			ts.Fatalf("%s reports %s", i.FromLinter, i.Text)
		}
		issue := fmt.Sprintf("%s:%d", i.Pos.Filename, i.Pos.Line)
		for _, fix := range i.SuggestedFixes {
			issue += fmt.Sprintf("+%d", len(fix.TextEdits))
		}
		got = append(got, issue)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		ts.Fatalf("issues %q, want %q", got, want)
	}
}

// TestBuildInfo: any other version would let golangci-lint print, after an
// update, what an older concurlint found.
func TestBuildInfo(t *testing.T) {
	if v := buildInfo().Version; v != "(devel)" {
		t.Errorf("version %q", v)
	}
}
