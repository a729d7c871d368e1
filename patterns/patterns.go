// Package patterns holds the sources of the reference implementations below it,
// for the command that prints them.
//
// Each is one file that depends on the standard library and golang.org/x/sync
// only, so that copying the file is enough to have the pattern. Its test depends
// on nothing else either, and can be copied as well.
package patterns

import (
	"bytes"
	"embed"
	"go/doc"
	"go/parser"
	"go/token"
)

//go:embed fanin/fanin.go fanin/fanin_test.go
//go:embed group/group.go group/group_test.go
//go:embed pipeline/pipeline.go pipeline/pipeline_test.go
//go:embed semaphore/semaphore.go semaphore/semaphore_test.go
//go:embed workerpool/workerpool.go workerpool/workerpool_test.go
var files embed.FS

// Path is the import path of the folder that holds the patterns.
const Path = "github.com/concurlint/concurlint/patterns"

// Names returns the names of the patterns, sorted. The caller may change the
// slice.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the root of an embed.FS is always there
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// Source returns the Go file that is the named pattern, and reports whether
// there is such a pattern. The caller may change the slice.
func Source(name string) (src []byte, ok bool) {
	src, err := files.ReadFile(name + "/" + name + ".go")
	return src, err == nil
}

// Test returns the test of the named pattern, an external one, and reports whether
// there is such a pattern. The caller may change the slice.
func Test(name string) (src []byte, ok bool) {
	src, err := files.ReadFile(name + "/" + name + "_test.go")
	return src, err == nil
}

// Releases returns the first Go releases in which the named pattern compiles, and
// in which its test does, or "" if there is no such pattern.
func Releases(name string) (code, test string) {
	r := releases[name]
	return r.code, r.test
}

// releases is checked by a test with go vet, which knows since when there is what.
var releases = map[string]struct{ code, test string }{
	"fanin":      {"1.25", "1.26"}, // sync.WaitGroup.Go; errors.AsType
	"group":      {"1.22", "1.26"}, // range over an integer; errors.AsType
	"pipeline":   {"1.25", "1.26"}, // sync.WaitGroup.Go; errors.AsType
	"semaphore":  {"1.25", "1.26"}, // sync.WaitGroup.Go; errors.AsType
	"workerpool": {"1.25", "1.26"}, // sync.WaitGroup.Go; errors.AsType
}

// Needs returns the modules that the named pattern and its test need besides the
// standard library.
func Needs(name string) []string {
	const sync = "golang.org/x/sync"
	src, _ := Source(name)
	test, _ := Test(name)
	for _, text := range [][]byte{src, test} {
		if bytes.Contains(text, []byte("\t\""+sync+"/")) {
			return []string{sync}
		}
	}
	return nil
}

// Summary returns the first sentence of the named pattern's package comment, or
// "" if there is no such pattern.
func Summary(name string) string {
	src, ok := Source(name)
	if !ok {
		return ""
	}
	f, err := parser.ParseFile(token.NewFileSet(), name+".go", src, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		panic(err) // the file is one of ours, and the package has been compiled
	}
	return new(doc.Package).Synopsis(f.Doc.Text())
}
