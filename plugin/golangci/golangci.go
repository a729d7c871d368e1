// Package golangci makes concurlint a linter of golangci-lint, as a module
// plugin.
//
// golangci-lint has no way to load a linter at run time: a plugin is a package
// that is linked into a golangci-lint of one's own, and that registers itself in
// its init function. The command in cmd/golangci-lint below this package is such
// a golangci-lint. For "golangci-lint custom", which makes another one, the
// module is github.com/concurlint/concurlint and the import this package; see
// docs/drivers.md.
//
// For golangci-lint all checks together are one linter, concurlint. So this
// package hands it one analyzer, which requires the checks and reports what they
// reported, changed where golangci-lint would make something else of it
// (analyzer.go):
//
//   - The lines of a finding's story become part of the message. golangci-lint
//     would make an issue of each, which no //nolint reaches.
//   - An issue has one fix at most, and no fix gets in the way of another one: on
//     a conflict golangci-lint applies no fix of the file, and yet drops the
//     issues.
//   - What //nolint:concurlint silences is reported, since golangci-lint takes
//     it away itself, and would otherwise call the directive unused.
//
// The package is part of concurlint's main module, not a module of its own, so
// that a version of the plugin is a version of the checks: "golangci-lint
// custom" then needs one module and one version or path, and no release can pair
// a plugin with checks that it does not fit. The price is one dependency, the
// registry, a package of a hundred lines that depends on x/tools only, and that
// is not linked into the command concurlint. What does depend on golangci-lint,
// the command, is a module of its own.
package golangci

import (
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
)

// Name is that of the linter: the key below linters.settings.custom, and what
// //nolint names.
const Name = "concurlint"

func init() { register.Plugin(Name, New) }

// New returns the plugin for what golangci-lint's configuration has under
// linters.settings.custom.concurlint.settings; see [Settings]. The error names
// what is wrong there.
func New(conf any) (register.LinterPlugin, error) {
	s, err := decode(conf)
	if err != nil {
		return nil, err
	}
	all := analyzers.All()
	enabled, err := s.choose(all)
	if err != nil {
		return nil, err
	}
	if err := s.setFlags(all); err != nil {
		return nil, err
	}
	return plugin{enabled}, nil
}

// A plugin implements [register.LinterPlugin].
type plugin struct{ enabled []*analysis.Analyzer }

// BuildAnalyzers returns the one analyzer of the linter. The error is nil.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{newAnalyzer(p.enabled)}, nil
}

// GetLoadMode says that the checks need types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
