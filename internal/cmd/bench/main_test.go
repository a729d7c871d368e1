package main

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestSummary(t *testing.T) {
	at := func(seconds, megabytes int64) cost {
		return cost{time.Duration(seconds) * time.Second, megabytes * 1e6}
	}
	tests := []struct {
		name  string
		costs []cost
		want  cost
	}{
		{"one", []cost{at(3, 5)}, at(3, 5)},
		{"odd", []cost{at(9, 5), at(1, 8), at(3, 6)}, at(3, 8)},
		{"even", []cost{at(9, 5), at(1, 8), at(3, 6), at(5, 1)}, at(4, 8)},
	}
	for _, test := range tests {
		if got := summary(test.costs); got != test.want {
			t.Errorf("%s: %v, not %v", test.name, got, test.want)
		}
	}
}

func TestCompare(t *testing.T) {
	var b bytes.Buffer
	base := []cost{{2 * time.Second, 100e6}, {2 * time.Second, 80e6}}
	tool := []cost{{2 * time.Second, 150e6}, {3 * time.Second, 90e6}}
	if err := compare(&b, base, tool); err != nil {
		t.Fatal(err)
	}
	want := "median CPU peak memory\ninspect only 2.0 s 100 MB\nconcurlint 2.5 s 150 MB\nratio 1.25 1.50"
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

func TestCostOf(t *testing.T) {
	cmd := exec.Command("go", "version")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	c, err := costOf(cmd.ProcessState)
	if err != nil {
		t.Skip(err)
	}
	if c.cpu <= 0 || c.memory < 1e6 || c.memory > 1e9 {
		t.Errorf("go version took %v", c)
	}
}
