// Package patterns holds the sources of the reference implementations below it,
// for the command that prints them.
//
// Each is one file that depends on the standard library and golang.org/x/sync
// only, so that copying the file is enough to have the pattern.
package patterns

import (
	"embed"
	"go/doc"
	"go/parser"
	"go/token"
)

//go:embed fanin/fanin.go group/group.go pipeline/pipeline.go semaphore/semaphore.go workerpool/workerpool.go
var files embed.FS

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
