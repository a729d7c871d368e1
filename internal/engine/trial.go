package engine

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A Change replaces the text between two positions of a file.
type Change struct {
	Pos, End token.Pos
	New      string
}

// A Trial is the package as it would be with a few changes made in one of its
// files. Nothing is written: the changed file is parsed from memory, and the
// package is type-checked again with the packages that it imports already.
type Trial struct {
	eng     *Package
	old     *token.File
	new     *token.File
	changes []Change // in order
}

// maxTrials bounds how often a package is changed, type-checked and explored
// again: each time costs about as much as its analysis.
const maxTrials = 40

// Try makes changes, which must be in order and in one file of the pass, and
// gives text for that file.
func (p *Package) Try(pass *analysis.Pass, changes []Change, text []byte) (t *Trial, err error) {
	if p.trials++; p.trials > maxTrials {
		p.count("too many fixes to try")
		return nil, errors.New("too many fixes to try")
	}
	defer func() {
		if r := recover(); r != nil {
			p.count(fmt.Sprintf("panic in a trial: %v\n%s", r, debug.Stack()))
			t, err = nil, errors.New("panic")
		}
	}()
	i := slices.IndexFunc(pass.Files, func(f *ast.File) bool {
		return f.FileStart <= changes[0].Pos && changes[0].Pos <= f.FileEnd
	})
	if i < 0 {
		return nil, errors.New("change outside the package")
	}
	old := pass.Fset.File(pass.Files[i].FileStart)
	file, err := parser.ParseFile(pass.Fset, old.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	inner := *pass
	inner.Files = slices.Clone(pass.Files)
	inner.Files[i] = file
	if err := recheck(pass, &inner); err != nil {
		pass.Fset.RemoveFile(pass.Fset.File(file.FileStart))
		return nil, err
	}
	inner.ResultOf = map[*analysis.Analyzer]any{inspect.Analyzer: inspector.New(inner.Files)}
	return &Trial{newPackage(&inner), old, pass.Fset.File(file.FileStart), changes}, nil
}

// recheck type-checks the files of inner with the imports of pass.
func recheck(pass, inner *analysis.Pass) error {
	imported := map[string]*types.Package{`"unsafe"`: types.Unsafe}
	for _, file := range pass.Files {
		for _, spec := range file.Imports {
			if name := pass.TypesInfo.PkgNameOf(spec); name != nil {
				imported[spec.Path.Value] = name.Imported()
			}
		}
	}
	inner.TypesInfo = syntax.NewInfo()
	conf := types.Config{
		Importer: importer(func(path string) (*types.Package, error) {
			if pkg := imported[fmt.Sprintf("%q", path)]; pkg != nil {
				return pkg, nil
			}
			return nil, errors.New("not imported so far: " + path)
		}),
		Sizes:       pass.TypesSizes,
		GoVersion:   pass.Pkg.GoVersion(),
		FakeImportC: true,
	}
	var err error
	inner.Pkg, err = conf.Check(pass.Pkg.Path(), pass.Fset, inner.Files, inner.TypesInfo)
	if err != nil && imports(inner, imported) {
		return errors.New(Untypeable + ": " + err.Error())
	}
	return err
}

// Untypeable is how the error begins for a changed package that does not type-check,
// though all that it imports is known.
const Untypeable = "the fixed package does not type-check"

// imports reports whether all imports of a pass's files are known.
func imports(pass *analysis.Pass, known map[string]*types.Package) bool {
	for _, file := range pass.Files {
		for _, spec := range file.Imports {
			if known[spec.Path.Value] == nil {
				return false
			}
		}
	}
	return true
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// Explored returns what the explorer finds in the functions that were changed,
// and those that call them. It returns false where it could not explore them.
func (t *Trial) Explored() (*explore.Survey, bool) {
	if t.eng.program() == nil {
		return &explore.Survey{}, false
	}
	affected := t.affected()
	t.eng.only = func(root explore.Root) bool { return affected[root.Fn] || affected[root.Maker] }
	s := t.eng.Explored()
	for reason := range t.eng.counts {
		what := strings.TrimPrefix(reason, "explorer: ")
		if strings.HasPrefix(what, "panic ") || strings.HasPrefix(what, "package budget exhausted") {
			return s, false
		}
	}
	return s, s.Steps > 0
}

// Patient explores once more, where unseen code need not cancel any context, and
// returns the operations that go wrong then in some run. Most of them only wait for
// that; what is not among them needs no help. It returns false as Explored does.
func (t *Trial) Patient() (wrong map[token.Pos]bool, ok bool) {
	t.eng.survey, t.eng.patient = nil, true
	s, ok := t.Explored()
	return s.Wrong, ok
}

// affected returns the functions that contain a change, those inside of these,
// and all that call them.
func (t *Trial) affected() map[*ssa.Function]bool {
	affected := make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		if !affected[fn] {
			affected[fn] = true
			work = append(work, fn)
		}
	}
	for _, fn := range t.eng.prog.Funcs {
		if decl, ok := fn.Syntax().(*ast.FuncDecl); ok && t.isChanged(decl) {
			add(fn)
		}
	}
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		for _, lit := range fn.AnonFuncs {
			add(lit)
		}
		for _, call := range t.eng.prog.Callers(fn) {
			add(call.Parent())
		}
		if fn.Parent() != nil {
			add(fn.Parent())
		}
	}
	return affected
}

// isChanged reports whether one of the changes is in a declaration of the changed
// package.
func (t *Trial) isChanged(decl *ast.FuncDecl) bool {
	shift := 0
	for _, c := range t.changes {
		at := t.new.Base() + t.old.Offset(c.Pos) + shift
		if int(decl.Pos()) <= at && at <= int(decl.End()) {
			return true
		}
		shift += len(c.New) - int(max(c.Pos, c.End)-c.Pos)
	}
	return false
}

// Remove takes the changed file out of the file set, which others go on to use. Before
// can still be called.
func (t *Trial) Remove() { t.eng.Fset.RemoveFile(t.new) }

// Before returns the position that one of the changed package had before the
// changes. It returns false for what they bring.
func (t *Trial) Before(pos token.Pos) (token.Pos, bool) {
	if int(pos) < t.new.Base() || int(pos) > t.new.Base()+t.new.Size() {
		return pos, true // another file
	}
	offset := t.new.Offset(pos)
	shift := 0
	for _, c := range t.changes {
		start := t.old.Offset(c.Pos) + shift
		switch {
		case offset < start:
			return t.old.Pos(offset - shift), true
		case offset < start+len(c.New):
			return token.NoPos, false
		}
		shift += len(c.New) - int(max(c.Pos, c.End)-c.Pos)
	}
	return t.old.Pos(offset - shift), true
}
