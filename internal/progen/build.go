package progen

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/internal/progen/harness"
)

// A Binary is an executable that can run programs.
type Binary struct{ path string }

const mainText = `package main

import (
	"encoding/json"
	"os"

	"` + harnessPath + `"
)

var funcs = map[string]harness.Func{
%s}

func main() {
	var s harness.Settings
	if err := json.NewDecoder(os.Stdin).Decode(&s); err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(harness.All(funcs, s)); err != nil {
		panic(err)
	}
}
`

// Build builds an executable of programs in an empty folder. Their module is the one
// of the folder root, so they can import what it does; its files are not touched, as an
// overlay shows the programs to the go command.
func Build(root, dir string, programs []*Program) (*Binary, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	overlay := make(map[string]string)
	add := func(name, text string) error {
		real := filepath.Join(dir, name)
		overlay[filepath.Join(root, "internal", "progen", "run", name)] = real
		return os.WriteFile(real, []byte(text), 0o600)
	}
	var table strings.Builder
	for i, p := range programs {
		fmt.Fprintf(&table, "\t%q: %s,\n", p.Name, p.Name)
		if err := add(fmt.Sprintf("f%d.go", i), p.Traced()); err != nil {
			return nil, err
		}
	}
	if err := add("main.go", fmt.Sprintf(mainText, table.String())); err != nil {
		return nil, err
	}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlayFile, list, 0o600); err != nil {
		return nil, err
	}
	b := &Binary{filepath.Join(dir, "programs.exe")}
	cmd := exec.Command("go", "build", "-overlay="+overlayFile, "-o", b.path, "./internal/progen/run")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOEXPERIMENT=goroutineleakprofile")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the programs do not build: %v\n%s", err, out)
	}
	return b, nil
}

// Run runs the functions and returns how they ended.
func (b *Binary) Run(s harness.Settings) ([]harness.Outcome, error) {
	in, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(b.path)
	cmd.Stdin = strings.NewReader(string(in))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the programs fail: %v\n%.4000s", err, stderr.String())
	}
	var all []harness.Outcome
	return all, json.Unmarshal(out, &all)
}
