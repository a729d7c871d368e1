package reporttest_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// An action is a composite action of GitHub.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Name, Shell, Run string
			Env              map[string]string
		}
	}
}

// decode reads a YAML file of the repository.
func decode(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// runAction runs the last step of the action as a runner does, with inputs, and
// returns its output and status.
func runAction(t *testing.T, dir string, inputs map[string]string) (out string, status int) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	var a action
	decode(t, ".github/actions/concurlint/action.yml", &a)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"), "GITHUB_WORKSPACE="+dir)
	for name, value := range step.Env {
		input := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
		declared, ok := a.Inputs[input]
		if !ok {
			t.Fatalf("%s: no input %s", name, value)
		}
		given, ok := inputs[input]
		if !ok {
			given = declared.Default
		}
		cmd.Env = append(cmd.Env, name+"="+given)
	}
	data, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(data), cmd.ProcessState.ExitCode()
}

// TestAction: annotations, reports beside them, and a status that fails the job.
func TestAction(t *testing.T) {
	dir := write(t, sample)
	out, status := runAction(t, dir, map[string]string{"sarif": "my report.sarif", "html": "report.html"})
	if status != 1 || strings.Count(out, "::error file=") < 4 {
		t.Errorf("status %d, %s", status, out)
	}
	for name, want := range map[string]string{"my report.sarif": `"version": "2.1.0"`, "report.html": "<!doctype html>"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, status := runAction(t, dir, map[string]string{"packages": "./cache ./pool", "flags": "-wgadd -goleak"}); status != 1 || strings.Contains(out, "lockblock") {
		t.Errorf("status %d, %s", status, out)
	}
	cmd := exec.Command(binary, "-write-baseline", "base line.json", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, status := runAction(t, dir, map[string]string{"baseline": "base line.json"}); status != 0 || strings.Contains(out, "::error") {
		t.Errorf("status %d, %s", status, out)
	}
	// Nothing of what an input contains is executed.
	if out, status := runAction(t, dir, map[string]string{"flags": "$(touch injected) ; touch injected", "packages": "`touch injected`"}); status != 2 {
		t.Errorf("status %d, %s", status, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "injected")); err == nil {
		t.Error("an input is executed")
	}
	if out, status := runAction(t, dir, map[string]string{"sarif": "nosuch/report.sarif", "baseline": "base line.json"}); status != 2 {
		t.Errorf("status %d, %s", status, out)
	}
}

// TestHooks: the hooks of pre-commit call the command with flags that it has.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Description, Entry, Language string
		Args                                   []string
		PassFilenames                          bool `yaml:"pass_filenames"`
	}
	decode(t, ".pre-commit-hooks.yaml", &hooks)
	if len(hooks) == 0 {
		t.Fatal("no hooks")
	}
	for _, h := range hooks {
		words := append(strings.Fields(h.Entry), h.Args...)
		cmd := exec.Command(binary, words[1:]...)
		cmd.Dir = write(t, sample)
		out, _ := cmd.CombinedOutput()
		if words[0] != "concurlint" || h.Language != "golang" || h.PassFilenames || cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("%s: status %d\n%s", h.ID, cmd.ProcessState.ExitCode(), out)
		}
	}
}
