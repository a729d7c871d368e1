package gocmd

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Failure is a package, or a pattern, that could not be analysed.
type Failure struct {
	// Package is the import path, or the pattern.
	Package string

	// Message is one line that says why. It starts with a position where
	// there is one, with a path relative to the command's directory.
	Message string

	// skipsDependents says that the go command skips the packages that import
	// this one, too, and does not say so.
	skipsDependents bool
}

// Packages are those that a command line asks for.
type Packages struct {
	// Patterns are the command line's.
	Patterns []string

	// Paths are the import paths of the packages that can be loaded.
	Paths []string

	// Units is the number of times that go vet runs the tool to report
	// findings: once per package and once per external test package.
	Units int

	// Failures are the packages that cannot be loaded, and the patterns that
	// match nothing.
	Failures []Failure

	// outside says that there are packages outside the main modules: of the
	// standard library, for example.
	outside bool
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Module     *struct{ Main bool }
	Error      *loadError
	DepsErrors []*loadError

	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string

	Deps []string // only where asked for
}

// A loadError says why a package, or a package that it imports, cannot be
// loaded.
type loadError struct {
	ImportStack []string
	Pos         string
	Err         string
}

// List returns the packages that match the patterns. The error says why the go
// command can load none at all, for example outside a module.
func (c *Command) List(ctx context.Context, patterns []string) (*Packages, error) {
	const fields = "-json=ImportPath,Module,Error,DepsErrors,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles"
	inModule, err := c.checkEnv(ctx)
	if err != nil {
		return nil, err
	}
	pkgs := &Packages{Patterns: patterns}
	stderr, err := c.list(ctx, []string{fields}, patterns, pkgs.add)
	if err != nil {
		return nil, err
	}
	if len(pkgs.Paths) == 0 && !inModule {
		// The go command's own messages depend on the pattern, and not all are
		// clear. Outside a module it can load the standard library only.
		dir, err := c.workDir()
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s is outside a module: there is no go.mod in it or above", dir)
	}
	for line := range strings.Lines(stderr) {
		if warning, ok := strings.CutPrefix(line, "go: warning: "); ok {
			pkgs.Failures = append(pkgs.Failures, Failure{Message: strings.TrimSpace(warning)})
		}
	}
	return pkgs, nil
}

// list runs go list, calls add for each package, and returns the warnings.
func (c *Command) list(ctx context.Context, flags, patterns []string, add func(*listed)) (stderr string, err error) {
	args := slices.Concat([]string{"list", "-e"}, flags, c.BuildFlags, []string{"--"}, patterns)
	stderr, ok, err := c.run(ctx, args, func(r io.Reader) error {
		dec := json.NewDecoder(r)
		for {
			p := new(listed)
			if err := dec.Decode(p); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			add(p)
		}
	})
	if err == nil && !ok {
		err = errors.New(oneLine(stderr))
	}
	return stderr, err
}

// add sorts the package into those that can be loaded and those that cannot.
func (pkgs *Packages) add(p *listed) {
	switch {
	case p.Error != nil:
		pkgs.fail(p.ImportPath, p.Error)
	case len(p.DepsErrors) > 0:
		pkgs.failImport(p.ImportPath, firstError(p))
	default:
		pkgs.Paths = append(pkgs.Paths, p.ImportPath)
		if len(p.GoFiles)+len(p.CgoFiles)+len(p.TestGoFiles) > 0 {
			pkgs.Units++
		}
		if len(p.XTestGoFiles) > 0 {
			pkgs.Units++
		}
		if p.Module == nil || !p.Module.Main {
			pkgs.outside = true
		}
	}
}

// fail records that the package cannot be loaded.
func (pkgs *Packages) fail(path string, e *loadError) {
	message := oneLine(e.Err)
	if e.Pos != "" {
		message = strings.TrimPrefix(e.Pos, "./") + ": " + message
	} else if len(e.ImportStack) > 0 {
		message = path + ": " + message // as for an import cycle
	}
	pkgs.addFailure(Failure{Package: path, Message: message})
}

// firstError returns the error to report among those of a package and of what
// it imports, which come in no particular order: one of its own, if there is
// one, and the first in its file.
func firstError(p *listed) *loadError {
	elsewhere := func(e *loadError) int {
		if n := len(e.ImportStack); n > 0 && e.ImportStack[n-1] != p.ImportPath {
			return 1
		}
		return 0
	}
	return slices.MinFunc(p.DepsErrors, func(a, b *loadError) int {
		return cmp.Or(elsewhere(a)-elsewhere(b), ComparePosn(a.Pos, b.Pos), cmp.Compare(a.Err, b.Err))
	})
}

// failImport records that the package cannot be loaded because of an error in
// a package that it imports, which is recorded as well. An import that cannot
// be found is an error of the importing package.
func (pkgs *Packages) failImport(path string, e *loadError) {
	culprit := path
	if n := len(e.ImportStack); n > 0 {
		culprit = e.ImportStack[n-1]
	}
	if culprit != path {
		pkgs.addFailure(Failure{
			Package: path,
			Message: fmt.Sprintf("%s: not analysed, because it imports %s", path, culprit),
		})
	}
	pkgs.fail(culprit, e)
}

// addFailure records a failure unless the package has one.
func (pkgs *Packages) addFailure(f Failure) {
	if !slices.ContainsFunc(pkgs.Failures, func(g Failure) bool { return g.Package == f.Package }) {
		pkgs.Failures = append(pkgs.Failures, f)
	}
}

// arguments returns what to call go vet with: the patterns, unless they match
// a package that cannot be loaded, which would stop it.
func (pkgs *Packages) arguments() []string {
	if len(pkgs.Failures) == 0 {
		return pkgs.Patterns
	}
	return pkgs.Paths
}

// hash identifies the set of packages.
func (pkgs *Packages) hash() string {
	h := sha256.New()
	for _, path := range slices.Sorted(slices.Values(pkgs.Paths)) {
		fmt.Fprintf(h, "%s\n", path)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// Skipped returns, as failures, the packages that go vet skipped because they
// import, directly or not, one that does not compile: it does not mention them.
func (c *Command) Skipped(ctx context.Context, pkgs *Packages, failures []Failure) ([]Failure, error) {
	broken := make(map[string]bool)
	failed := make(map[string]bool)
	for _, f := range failures {
		failed[f.Package] = true
		if f.skipsDependents {
			broken[f.Package] = true
		}
	}
	if len(broken) == 0 {
		return nil, nil
	}
	var skipped []Failure
	_, err := c.list(ctx, []string{"-test", "-json=ImportPath,Deps"}, pkgs.Paths, func(p *listed) {
		path := RequestedPath(p.ImportPath)
		i := slices.IndexFunc(p.Deps, func(dep string) bool { return broken[dep] })
		if i < 0 || failed[path] || !slices.Contains(pkgs.Paths, path) {
			return
		}
		failed[path] = true
		skipped = append(skipped, Failure{
			Package: path,
			Message: fmt.Sprintf("%s: not analysed, because it imports %s", path, p.Deps[i]),
		})
	})
	return skipped, err
}

// RequestedPath returns the import path to ask for, given the name of a
// package's variant: "p [p.test]" and "p.test" belong to p.
func RequestedPath(variant string) string {
	path, _, _ := strings.Cut(variant, " ")
	return strings.TrimSuffix(path, ".test")
}
