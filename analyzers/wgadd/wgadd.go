package wgadd

import (
	_ "embed"

	"github.com/concurlint/concurlint/internal/check"
)

//go:embed doc.go
var doc string

// Analyzer is the wgadd check.
var Analyzer = check.New(check.Meta{Name: "wgadd", Doc: doc, Patterns: []string{"workerpool"}}, run)

func run(pass *check.Pass) error {
	return nil
}
