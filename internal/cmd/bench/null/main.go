// Null is a tool for go vet that finds nothing: its only analyzer requires the
// inspector and does not use it. What go vet costs with it is what any tool
// costs, however little it does, so the benchmark compares with it.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/analysis/unitchecker"
)

func main() {
	unitchecker.Main(&analysis.Analyzer{
		Name:     "null",
		Doc:      "null: report nothing",
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run:      func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
