package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/concurlint/concurlint/internal/driver/drivertest"
	"github.com/concurlint/concurlint/internal/driver/unit"
)

// TestMain lets the test binary act as the program.
func TestMain(m *testing.M) {
	if unit.Invoked(os.Args[1:]) {
		main() // by the go command, for TestOverlaps
	}
	testscript.Main(m, map[string]func(){"concurlint-vet": main})
}

// TestScript runs the scripts in testdata/script/concurlint-vet at the top of
// the module.
func TestScript(t *testing.T) {
	goEnv, err := drivertest.Env()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script/concurlint-vet",
		Setup: func(e *testscript.Env) error {
			tool, err := exec.LookPath("concurlint-vet")
			e.Vars = append(e.Vars, goEnv...)
			e.Vars = append(e.Vars, "TOOL="+tool)
			return err
		},
		RequireUniqueNames: true,
	})
}

// different are pairs of an analyzer of vet and a check of ours that can report
// different mistakes in one line.
var different = [][2]string{
	{"copylocks", "gospawn"}, // go f(x): the argument is copied, and there is no limit
}

// TestOverlaps runs the program on the examples of all checks. No line may have
// a report of vet and one of ours, unless the mistakes are different ones. Who
// sees it fail adds the pair to the list above or to that of package vetsuite.
func TestOverlaps(t *testing.T) {
	if testing.Short() {
		t.Skip("analysing all examples is too much for -short")
	}
	analyzersByLine := reported(t)
	wgadd := 0
	for line, names := range analyzersByLine {
		for _, ours := range names {
			if ours == "wgadd" {
				wgadd++
			}
			for _, theirs := range names {
				if isVets(theirs) && !isVets(ours) && !slices.Contains(different, [2]string{theirs, ours}) {
					t.Errorf("%s: reported by %s and %s", line, theirs, ours)
				}
			}
		}
	}
	if wgadd < 50 {
		t.Errorf("only %d reports of wgadd: the examples were not analysed", wgadd)
	}
}

func isVets(name string) bool {
	for _, a := range vet.Suite {
		if a.Name == name {
			return true
		}
	}
	return false
}

// reported returns the names of the analyzers that report something in the
// examples, by file and line. The examples are packages of a GOPATH, some with
// deliberate errors.
func reported(t *testing.T) map[string][]string {
	t.Helper()
	tool, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	gopath, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-json", "-vettool="+tool, "./...")
	cmd.Dir = filepath.Join(gopath, "src")
	cmd.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH="+gopath)
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		t.Logf("go vet: %v\n%s", err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	lines := make(map[string][]string)
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var units map[string]map[string][]struct{ Posn string }
		if err := dec.Decode(&units); err == io.EOF {
			return lines
		} else if err != nil {
			t.Fatal(err)
		}
		for _, analyzers := range units {
			for name, diagnostics := range analyzers {
				for _, d := range diagnostics {
					line := d.Posn[:strings.LastIndex(d.Posn, ":")]
					lines[line] = append(lines[line], name)
				}
			}
		}
	}
}
