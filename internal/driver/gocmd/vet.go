package gocmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/driver/unit"
)

// A Vet says how to run go vet with a tool.
type Vet struct {
	// Tool is the path of the program to run on each package.
	Tool string

	// Flags are the tool's.
	Flags []string

	// Done is called each time that a unit is finished. It may be nil.
	Done func()
}

// A Finding is a diagnostic of an analyzer on a package.
type Finding struct {
	Unit     string // the package, as in "p" or "p [p.test]"
	Analyzer string
	Diagnostic

	// JSON is the diagnostic as the tool printed it.
	JSON json.RawMessage
}

// A Diagnostic is the part of a tool's diagnostic that text output shows.
type Diagnostic struct {
	Category string    `json:"category"`
	Posn     string    `json:"posn"` // as in "/dir/file.go:line:column"
	End      string    `json:"end"`
	Message  string    `json:"message"`
	Related  []Related `json:"related"`

	SuggestedFixes []Fix `json:"suggested_fixes"`
}

// A Fix is a change that a tool suggests.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit replaces the bytes of a file from start to end.
type Edit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

// Related is a line of a diagnostic's story.
type Related struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// A Result is the outcome of a run of go vet.
type Result struct {
	Findings []Finding // in no particular order
	Failures []Failure
}

// Vet analyses the packages. Results come from the build cache where nothing
// changed. The error says why go vet could not run.
func (c *Command) Vet(ctx context.Context, pkgs *Packages, v Vet) (*Result, error) {
	args := append([]string{"vet", "-json"}, v.Flags...)
	if pkgs.outside {
		// What the visit of a package as a dependency left in the cache would
		// pass for its findings; see package unit.
		args = append(args, "-"+unit.RootsFlag+"="+pkgs.hash())
	}
	result := new(Result)
	stderr, ok, err := c.run(ctx, c.vetArgs(args, pkgs, v), func(r io.Reader) error {
		return result.decode(r, pkgs, v.Done)
	})
	if err != nil {
		return nil, err
	}
	if !ok || stderr != "" {
		result.Failures = append(result.Failures, failures(stderr, ok, v.Tool)...)
	}
	return result, outdated(result.Failures)
}

// outdated returns an error if the tool cannot read what this go command compiles: that
// is true of all packages, and told once.
func outdated(list []Failure) error {
	for _, f := range list {
		if strings.Contains(f.Message, unit.Outdated) {
			return errors.New(strings.TrimPrefix(f.Message, f.Package+": "))
		}
	}
	return nil
}

// Fix applies the first fix of each diagnostic, or, if diff is set, returns
// what it would change as a unified diff.
func (c *Command) Fix(ctx context.Context, pkgs *Packages, v Vet, diff bool) (patch []byte, failed []Failure, err error) {
	args := append([]string{"vet", "-fix"}, v.Flags...)
	if diff {
		// The go command replays the patch of a dependency, once cached, as if
		// it belonged to a package that was asked for. Here it is impossible to
		// tell them apart, so keep the results of different requests apart.
		args = append(args, "-diff", "-"+unit.RootsFlag+"="+pkgs.hash())
	}
	stderr, ok, err := c.run(ctx, c.vetArgs(args, pkgs, v), func(r io.Reader) error {
		patch, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	// Status 1 means a patch that is not empty, too.
	if stderr != "" || !ok && len(patch) == 0 {
		failed = failures(stderr, ok, v.Tool)
		if err := outdated(failed); err != nil {
			return nil, nil, err
		}
	}
	for i, f := range failed {
		// The tool counts the fixes that it applied or skipped, but the go
		// command takes the count for a failure and drops all of them.
		if strings.Contains(f.Message, "Re-run the command") || strings.Contains(f.Message, "due to conflicts") {
			failed[i].Message = f.Package +
				": no fix is applied, since some exclude each other; try the checks one by one with -NAME"
		}
	}
	return patch, failed, nil
}

func (c *Command) vetArgs(args []string, pkgs *Packages, v Vet) []string {
	return slices.Concat(args, []string{"-vettool=" + v.Tool}, c.BuildFlags, []string{"--"}, pkgs.arguments())
}

// decode reads the tool's output, one JSON object per unit: from the unit's
// name to the analyzers' names to diagnostics or an error.
func (result *Result) decode(r io.Reader, pkgs *Packages, done func()) error {
	roots := make(map[string]bool)
	for _, path := range pkgs.Paths {
		roots[path] = true
		roots[path+"_test"] = true
	}
	dec := json.NewDecoder(r)
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("parsing the tool's output: %v", err)
		}
		if done != nil {
			done()
		}
		for id, analyzers := range tree {
			// The go command replays the findings of a dependency, once
			// cached, as if it had been asked for.
			if !roots[RequestedPath(id)] {
				continue
			}
			if err := result.add(id, analyzers); err != nil {
				return err
			}
		}
	}
}

// add adds what the analyzers say of a unit.
func (result *Result) add(id string, analyzers map[string]json.RawMessage) error {
	for name, data := range analyzers {
		if !bytes.HasPrefix(data, []byte("[")) {
			var e struct{ Error string }
			if err := json.Unmarshal(data, &e); err != nil {
				return fmt.Errorf("parsing the tool's output: %v", err)
			}
			result.Failures = append(result.Failures, Failure{
				Package: RequestedPath(id),
				Message: fmt.Sprintf("%s: %s: %s", RequestedPath(id), name, oneLine(e.Error)),
			})
			continue
		}
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return fmt.Errorf("parsing the tool's output: %v", err)
		}
		for _, raw := range list {
			f := Finding{Unit: id, Analyzer: name, JSON: raw}
			if err := json.Unmarshal(raw, &f.Diagnostic); err != nil {
				return fmt.Errorf("parsing the tool's output: %v", err)
			}
			result.Findings = append(result.Findings, f)
		}
	}
	return nil
}

// failures finds the packages that could not be analysed in what go vet wrote
// to standard error: first what it could not load, then, under a heading
// "# package", the messages of the compiler or, starting with its name, of the
// tool. The first message about a package is the one that counts.
func failures(stderr string, ok bool, tool string) []Failure {
	var list []Failure
	seen := make(map[string]bool)
	pkg := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimRight(line, "\r\n")
		heading, isHeading := strings.CutPrefix(line, "# ")
		switch {
		case isHeading:
			if !strings.HasPrefix(heading, "[") {
				pkg = RequestedPath(heading)
			}
		case line == "" || seen[pkg] && pkg != "":
			// Not the first message.
		case pkg != "":
			seen[pkg] = true
			list = append(list, buildFailure(pkg, line, tool))
		case strings.HasPrefix(line, "\t") && len(list) > 0:
			list[len(list)-1].Message += " " + strings.TrimSpace(line)
		default:
			list = append(list, Failure{Message: oneLine(line)})
		}
	}
	if len(list) == 0 && !ok {
		list = append(list, Failure{Message: "go vet failed without a message"})
	}
	return list
}

// buildFailure makes a failure of the first message about a package, which is
// the tool's or the compiler's.
func buildFailure(pkg, line, tool string) Failure {
	f := Failure{Package: pkg}
	name := strings.TrimSuffix(filepath.Base(tool), ".exe")
	message, byTool := strings.CutPrefix(line, name+": ")
	crashed := strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
	f.skipsDependents = !byTool && !crashed
	f.Message = strings.TrimPrefix(message, "./")
	if first, _, found := strings.Cut(f.Message, ": "); !found || !strings.Contains(first, ".go:") {
		f.Message = pkg + ": " + f.Message
	}
	return f
}
