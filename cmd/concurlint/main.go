// Concurlint finds misuses of Go's concurrency patterns: channels that nobody
// closes, WaitGroups whose Wait can overtake an Add, errgroup contexts that no
// task listens to, goroutines without a bound.
//
// It runs by itself
//
//	concurlint ./...
//
// and as a tool of the go command:
//
//	go vet -vettool=$(which concurlint) ./...
//	go fix -fixtool=$(which concurlint) ./...
//
// The command "concurlint help" lists its flags and checks, "concurlint explain
// CHECK" tells what a check finds, and "concurlint pattern NAME" prints a
// reference implementation to use instead.
//
// The exit status is 0 if nothing was found, 1 if there are findings, and 2 if
// a package could not be analysed; the findings in other packages are printed
// nevertheless.
package main

import (
	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/driver"
	"github.com/concurlint/concurlint/patterns"
)

func main() {
	program := driver.Program{
		Name:      "concurlint",
		Analyzers: analyzers.All(),
		Patterns:  referenceImplementations,
	}
	program.Main()
}

func referenceImplementations() []driver.Pattern {
	var list []driver.Pattern
	for _, name := range patterns.Names() {
		source, _ := patterns.Source(name) // it is one of them
		list = append(list, driver.Pattern{Name: name, Summary: patterns.Summary(name), Source: source})
	}
	return list
}
