package main_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/fixtures.txt, to be read before it is committed")

// TestGoodFixtures runs all checks over the fixtures in which one check has to be silent.
// Code that is good for that one may be bad for another: what is said of it, and has been
// judged to be true, is in testdata/fixtures.txt.
func TestGoodFixtures(t *testing.T) {
	const accepted = "testdata/fixtures.txt"
	gopath, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(gopath, "src", "*", "good*"))
	if err != nil || len(dirs) < 100 {
		t.Fatalf("%d folders, %v", len(dirs), err)
	}
	src := filepath.Join(gopath, "src")
	args := []string{"vet", "-json", "-vettool=" + filepath.Join(binDir, "concurlint")}
	for _, dir := range dirs {
		rel, err := filepath.Rel(src, dir)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, filepath.ToSlash(rel))
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH="+gopath)
	cmd.Dir = src
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	got, err := countFindings(&stdout, src)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		header := "# What is said of fixtures that are good for the check in whose folder they are, and is true:\n" +
			"# the number of findings, the file, the check. Written by go test ./cmd/concurlint -run GoodFixtures -update\n"
		if err := os.WriteFile(accepted, []byte(header+strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(accepted)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	want = slices.DeleteFunc(want, func(line string) bool { return strings.HasPrefix(line, "#") })
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("new: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("gone: %s", line)
		}
	}
}

// countFindings reads what go vet -json prints: an object for each package, and between
// them lines of comment. It returns a line for each file and check with findings, sorted.
func countFindings(r io.Reader, src string) ([]string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var text []byte
	for line := range bytes.Lines(data) {
		if !bytes.HasPrefix(line, []byte("#")) {
			text = append(text, line...)
		}
	}
	counts := make(map[string]int)
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var packages map[string]map[string]json.RawMessage
		if err := dec.Decode(&packages); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		for pkg, checks := range packages {
			for check, raw := range checks {
				var findings []struct{ Posn, Message string }
				if err := json.Unmarshal(raw, &findings); err != nil {
					return nil, fmt.Errorf("%s, %s: %s", pkg, check, raw)
				}
				for _, f := range findings {
					file, _, _ := strings.Cut(f.Posn, ".go:")
					rel, err := filepath.Rel(src, file+".go")
					if err != nil {
						return nil, err
					}
					counts[filepath.ToSlash(rel)+" "+check]++
				}
			}
		}
	}
	var lines []string
	for key, n := range counts {
		lines = append(lines, fmt.Sprintf("%d %s", n, key))
	}
	slices.SortFunc(lines, func(x, y string) int {
		_, x, _ = strings.Cut(x, " ")
		_, y, _ = strings.Cut(y, " ")
		return strings.Compare(x, y)
	})
	return lines, nil
}
