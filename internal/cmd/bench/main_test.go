package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestSummary(t *testing.T) {
	at := func(cpu, wall, megabytes int64) cost {
		return cost{time.Duration(cpu) * time.Second, time.Duration(wall) * time.Second, megabytes * 1e6}
	}
	tests := []struct {
		name  string
		costs []cost
		want  cost
	}{
		{"one", []cost{at(3, 2, 5)}, at(3, 2, 5)},
		{"odd", []cost{at(9, 1, 5), at(1, 2, 8), at(3, 3, 6)}, at(3, 2, 8)},
		{"even", []cost{at(9, 1, 5), at(1, 3, 8), at(3, 5, 6), at(5, 7, 1)}, at(4, 4, 8)},
	}
	for _, test := range tests {
		if got := summary(test.costs); got != test.want {
			t.Errorf("%s: %v, not %v", test.name, got, test.want)
		}
	}
}

func TestCompare(t *testing.T) {
	var b bytes.Buffer
	warm := []cost{{time.Second, time.Second, 1e6}}
	list := []*contestant{
		{name: "inspect only", cold: []cost{{2 * time.Second, time.Second, 100e6}, {2 * time.Second, time.Second, 80e6}}, warm: warm},
		{name: "concurlint", cold: []cost{{2 * time.Second, 3 * time.Second, 150e6}, {3 * time.Second, 4 * time.Second, 90e6}}, warm: warm},
		{name: "other", failed: errors.New("fails: panic: oops")},
	}
	if err := compare(&b, list); err != nil {
		t.Fatal(err)
	}
	want := `| tool | CPU, cold | ratio | wall | memory | ratio | CPU, warm | wall |
|--- |--- |--- |--- |--- |--- |--- |--- |
| inspect only | 2.0 s | 1.00 | 1.0 s | 100 MB | 1.00 | 1.0 s | 1.0 s |
| concurlint | 2.5 s | 1.25 | 3.5 s | 150 MB | 1.50 | 1.0 s | 1.0 s |
| other | fails: panic: oops | | | | | | |`
	var got []string
	for line := range strings.Lines(b.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s", text)
	}
}

func TestProblem(t *testing.T) {
	failed := new(exec.ExitError)
	tests := []struct {
		name   string
		stderr string
		err    error
		want   string
	}{
		{"nothing found", "", nil, ""},
		{"findings", "# a/b\na/b/c.go:1:2: stuck (goleak)\n\tc.go:3: panic: here\n", failed, ""},
		{"no such package", "go: downloading example.com v1.0.0\ngo: no such package\n", failed, "go: no such package"},
		{"crash", "# a/b\npanic: oops\n\ngoroutine 1\n", failed, "panic: oops"},
		{"types", "# a/b\nvet: a/b/c.go:1:2: undefined: x\n", failed, "vet: a/b/c.go:1:2: undefined: x"},
		{"the tool", "null: cannot read\n", failed, "null: cannot read"},
		{"not started", "", errors.New("no go"), "no go"},
	}
	for _, test := range tests {
		if got := problem("null", test.stderr, test.err); got != test.want {
			t.Errorf("%s: %q, not %q", test.name, got, test.want)
		}
	}
}

// TestMeasure runs the commands of a contestant: in the first one of a round nothing is
// in its cache.
func TestMeasure(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the peer is a shell script")
	}
	dir := t.TempDir()
	exe := filepath.Join(dir, "staticcheck")
	script := "#!/bin/sh\ntest -e $STATICCHECK_CACHE/known || echo $1 >>" + dir + "/log\ntouch $STATICCHECK_CACHE/known\ntest $1 != crash || { echo 'panic: oops' >&2; exit 2; }\nexit 1\n"
	if err := os.WriteFile(exe, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	list := peers(&bench{tmp: dir}, programs{"staticcheck": exe, "goconcurrencylint": exe})
	c := list[1]
	if len(list) != 3 || c.name != "staticcheck" {
		t.Fatalf("the peers are %v", list)
	}
	b := &bench{dir: dir, tmp: t.TempDir(), packages: []string{"./..."}}
	b.measure(c, 0)
	b.measure(c, 1)
	if log, _ := os.ReadFile(filepath.Join(dir, "log")); string(log) != "./...\n./...\n" {
		t.Errorf("cold runs: %q", log)
	}
	if c.failed != nil || len(c.cold) != 2 || len(c.warm) != 2 {
		t.Errorf("%v: %d cold runs and %d warm ones", c.failed, len(c.cold), len(c.warm))
	}
	b.packages = []string{"crash"}
	if b.measure(c, 2); c.failed == nil || c.failed.Error() != "fails: panic: oops" {
		t.Errorf("a crash is %v", c.failed)
	}
}

func TestPeerFlag(t *testing.T) {
	p := make(programs)
	if err := p.Set("staticcheck=/bin/s=c"); err != nil || p["staticcheck"] != "/bin/s=c" {
		t.Errorf("%v, %v", p, err)
	}
	for _, wrong := range []string{"staticcheck", "nobody=/bin/true"} {
		if p.Set(wrong) == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
}

func TestCostOf(t *testing.T) {
	cmd := exec.Command("go", "version")
	start := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	c, err := costOf(cmd.ProcessState, time.Since(start))
	if err != nil {
		t.Skip(err)
	}
	if c.cpu <= 0 || c.wall <= 0 || c.memory < 1e6 || c.memory > 1e9 {
		t.Errorf("go version took %v", c)
	}
}
