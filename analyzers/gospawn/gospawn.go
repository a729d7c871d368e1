package gospawn

import (
	_ "embed"

	"github.com/concurlint/concurlint/internal/check"
)

//go:embed doc.go
var doc string

// Analyzer is the gospawn check.
var Analyzer = check.New(check.Meta{Name: "gospawn", Doc: doc, Patterns: []string{"workerpool"}}, run)

func run(pass *check.Pass) error {
	return nil
}
