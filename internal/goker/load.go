package goker

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A Loader type-checks programs that import the standard library only.
type Loader struct {
	importer  irtest.Importer
	goVersion string
}

// NewLoader returns a loader of the files and of others that import no more than
// they do. The version, such as go1.21, is that of the language they are written
// in. The types of what they import come from the export data that the go
// command has or makes, so neither network nor module is needed.
func NewLoader(goVersion string, files ...string) (*Loader, error) {
	var paths []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return nil, err
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	importer, err := irtest.LoadImports(slices.Compact(paths)...)
	if err != nil {
		return nil, err
	}
	return &Loader{importer: importer, goVersion: goVersion}, nil
}

// Load type-checks the files of one package.
func (l *Loader) Load(path string, files ...string) (*packages.Package, error) {
	pkg := &packages.Package{
		ID:              path,
		PkgPath:         path,
		GoFiles:         files,
		CompiledGoFiles: files,
		Fset:            token.NewFileSet(),
		TypesInfo:       syntax.NewInfo(),
		TypesSizes:      types.SizesFor("gc", runtime.GOARCH),
	}
	for _, name := range files {
		file, err := parser.ParseFile(pkg.Fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pkg.Syntax = append(pkg.Syntax, file)
	}
	var err error
	conf := types.Config{Importer: l.importer, GoVersion: l.goVersion, Sizes: pkg.TypesSizes}
	pkg.Types, err = conf.Check(path, pkg.Fset, pkg.Syntax, pkg.TypesInfo)
	if err != nil {
		return nil, err
	}
	pkg.Name = pkg.Types.Name()
	return pkg, nil
}

// A Finding is a diagnostic.
type Finding struct {
	Check   string
	File    string // its base name
	Line    int
	Message string
	Story   []string // the related positions and their messages
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
}

// Analyze runs analyzers on a package and returns what they find, in order of
// position, and how often they gave up on something, by reason. An analyzer that
// fails or panics makes an error.
func Analyze(pkg *packages.Package, analyzers []*analysis.Analyzer) ([]Finding, map[string]int, error) {
	graph, err := checker.Analyze(analyzers, []*packages.Package{pkg}, nil)
	if err != nil {
		return nil, nil, err
	}
	var found []Finding
	gaveUp := make(map[string]int)
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, nil, fmt.Errorf("%s: %w", act.Analyzer.Name, act.Err)
		}
		if r, ok := act.Result.(*check.Result); ok {
			if r.Panic != "" {
				return nil, nil, fmt.Errorf("%s panicked: %s", act.Analyzer.Name, r.Panic)
			}
			for reason, n := range r.Counts {
				gaveUp[act.Analyzer.Name+": "+reason] += n
			}
		}
		for _, d := range act.Diagnostics {
			found = append(found, newFinding(pkg.Fset, act.Analyzer, d))
		}
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message))
	})
	return found, gaveUp, nil
}

func newFinding(fset *token.FileSet, a *analysis.Analyzer, d analysis.Diagnostic) Finding {
	place := func(pos token.Pos) (string, int) {
		at := fset.Position(pos)
		return filepath.Base(at.Filename), at.Line
	}
	f := Finding{Check: a.Name, Message: d.Message}
	f.File, f.Line = place(d.Pos)
	for _, r := range d.Related {
		file, line := place(r.Pos)
		f.Story = append(f.Story, fmt.Sprintf("%s:%d: %s", file, line, r.Message))
	}
	return f
}
