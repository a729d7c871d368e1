// Package adopt writes a reference implementation into the user's module: its
// file, and its test with the import path that the file has there.
//
// Either both files are written or nothing is, and no file is overwritten:
//
//	Write → locate (module.go)     whose module, which import path
//	      → withImport             the test imports the copy
//	      → create (create.go)     directories and files, or nothing
//	      → Result.Next            what the module lacks
package adopt

import (
	"errors"
	"fmt"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// A Pattern is a package of one file with its external test.
type Pattern struct {
	Name   string   // of the package, and of its file
	Path   string   // under which the test imports it
	Source []byte   // the file
	Test   []byte   // its test
	Needs  []string // modules that the two need besides the standard library

	// Go and TestGo are the Go releases that the file, and the file with its
	// test, need at least, such as "1.25".
	Go, TestGo string
}

// A Result tells what was done and what is left to do.
type Result struct {
	Files []string // that were written
	Next  []Step
}

// A Step is a command for the user to run.
type Step struct {
	Command string
	Reason  string // may be empty
}

// Write writes the pattern and its test into a directory, which is made if it is
// missing. If there is an error, nothing was written.
func Write(p Pattern, dir string) (*Result, error) {
	dir = filepath.Clean(dir)
	place, err := locate(dir)
	if err != nil {
		return nil, err
	}
	if err := place.isFree(dir, p.Name); err != nil {
		return nil, err
	}
	test, err := withImport(p.Test, p.Path, place.path)
	if err != nil {
		return nil, err
	}
	files := []file{
		{filepath.Join(dir, p.Name+".go"), p.Source},
		{filepath.Join(dir, p.Name+"_test.go"), test},
	}
	if err := create(dir, files); err != nil {
		return nil, err
	}
	r := &Result{Next: place.next(p)}
	for _, f := range files {
		r.Files = append(r.Files, f.name)
	}
	return r, nil
}

// isFree returns an error if a package of another name is in the directory: a
// directory holds one package, and none of its files would compile any more.
func (p *place) isFree(dir, name string) error {
	info, err := os.Stat(p.dir)
	switch {
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	case err != nil:
		return nil // it will be made, or the error shows then
	}
	// Files that the build constraints exclude, and those that do not parse, are
	// in nobody's way.
	pkg, err := build.ImportDir(p.dir, 0)
	if none := new(build.NoGoError); errors.As(err, &none) || pkg.Name == "" || pkg.Name == name {
		return nil
	}
	return fmt.Errorf("%s holds package %s; package %s needs a directory of its own", dir, pkg.Name, name)
}

// withImport returns a Go file that imports the path to instead of from. All
// else stays as it is, but for the place of that import among its neighbours.
func withImport(src []byte, from, to string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	for _, spec := range f.Imports {
		if spec.Path.Value != strconv.Quote(from) {
			continue
		}
		start := fset.Position(spec.Path.Pos()).Offset
		end := fset.Position(spec.Path.End()).Offset
		src = slices.Concat(src[:start], []byte(strconv.Quote(to)), src[end:])
		return format.Source(src) // it may have to stand elsewhere in its group
	}
	return nil, fmt.Errorf("the test does not import %s", from)
}

// next returns what the module needs before the pattern compiles in it.
func (p *place) next(pattern Pattern) []Step {
	var steps []Step
	for _, need := range pattern.Needs {
		if !p.requires(need) {
			steps = append(steps, Step{Command: p.command("get", need)})
		}
	}
	have := p.release()
	lacks := func(want string) bool { return version.Compare("go"+have, "go"+want) < 0 }
	var reason string
	switch {
	case !lacks(pattern.TestGo):
		return steps
	case !lacks(pattern.Go):
		reason = fmt.Sprintf("%s_test.go needs Go %s", pattern.Name, pattern.TestGo)
	case pattern.Go == pattern.TestGo:
		reason = fmt.Sprintf("%s.go needs Go %s", pattern.Name, pattern.Go)
	default:
		reason = fmt.Sprintf("%s.go needs Go %s and its test Go %s", pattern.Name, pattern.Go, pattern.TestGo)
	}
	return append(steps, Step{
		Command: p.command("get", "go@"+pattern.TestGo),
		Reason:  fmt.Sprintf("%s; go.mod says %s", reason, have),
	})
}
