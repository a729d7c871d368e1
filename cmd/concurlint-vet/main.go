// Concurlint-vet is go vet's standard suite and concurlint in one pass, for those
// who run go vet with a tool of their own and do not want to lose what it finds
// by itself:
//
//	go vet -vettool=$(which concurlint-vet) ./...
//	concurlint-vet ./...
//
// It takes the flags of both. Where both report the same mistake in one line,
// concurlint's report is printed; see package vetsuite.
//
// It is meant for go vet. For go fix use concurlint, since not all fixes of vet's
// analyzers are safe to apply unseen.
package main

import (
	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/driver"
	"github.com/concurlint/concurlint/internal/driver/vetsuite"
)

func main() {
	program := driver.Program{
		Name:      "concurlint-vet",
		URL:       "https://github.com/concurlint/concurlint",
		About:     "runs go vet's standard analyzers and those of concurlint in one pass",
		Analyzers: vetsuite.Join(analyzers.All()),
	}
	program.Main()
}
