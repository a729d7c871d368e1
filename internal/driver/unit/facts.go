package unit

import "golang.org/x/tools/go/analysis"

// UsesFacts reports whether a suite has facts. With such a suite the tool leaves
// a fact file for every dependency, so go vet can take a package that was visited
// as a dependency before for one that was analysed, and lose its findings; see
// [dependencyIsFixed]. [RootsFlag] prevents it.
func UsesFacts(analyzers []*analysis.Analyzer) bool { return usesFacts(analyzers) }
