package chanclose

import (
	_ "embed"

	"github.com/concurlint/concurlint/internal/check"
)

//go:embed doc.go
var doc string

// Analyzer is the chanclose check.
var Analyzer = check.New(check.Meta{Name: "chanclose", Doc: doc, Patterns: []string{"workerpool"}}, run)

func run(pass *check.Pass) error {
	return nil
}
