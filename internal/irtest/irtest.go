// Package irtest loads small packages from text, for the tests of the layers
// from gate to engine.
package irtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/syntax"
)

// imports are the packages that a text can import.
var imports = []string{
	"bytes", "context", "errors", "fmt", "io", "iter", "log", "math", "math/rand", "math/rand/v2", "net/http", "os", "os/signal", "reflect", "runtime",
	"sort", "slices", "strconv", "strings", "sync", "sync/atomic", "testing", "time", "unsafe",
	"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore",
}

// An Importer gives out loaded packages by their import path.
type Importer map[string]*types.Package

// Import implements types.Importer.
func (m Importer) Import(path string) (*types.Package, error) {
	if p := m[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s is not loaded", path)
}

// LoadImports loads the types of packages from their export data.
func LoadImports(paths ...string) (Importer, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile}, paths...)
	if err != nil {
		return nil, err
	}
	m := Importer{"unsafe": types.Unsafe}
	for _, p := range pkgs {
		if len(p.Errors) == 0 && p.Types != nil && p.PkgPath != "unsafe" {
			m[p.PkgPath] = p.Types
		}
	}
	return m, nil
}

// deps are loaded once for all tests of a process, so that their types are
// identical.
var deps = sync.OnceValues(func() (Importer, error) { return LoadImports(imports...) })

// A Package is a type-checked package.
type Package struct {
	Fset  *token.FileSet
	Types *types.Package
	Info  *types.Info
	Files []*ast.File

	texts []string
	gate  *gate.Result
}

// Harmless reports whether an error of the type checker leaves the types
// complete: something is not used.
func Harmless(err error) bool {
	e, ok := err.(types.Error)
	return ok && e.Soft && strings.Contains(e.Msg, "and not used")
}

// Check parses and type-checks the files of a package. That something is not
// used does not matter.
func Check(texts ...string) (*Package, error) {
	importer, err := deps()
	if err != nil {
		return nil, err
	}
	p := &Package{Fset: token.NewFileSet(), Info: syntax.NewInfo(), texts: texts}
	for i, text := range texts {
		f, err := parser.ParseFile(p.Fset, fmt.Sprintf("f%d.go", i), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.Files = append(p.Files, f)
	}
	var hard error
	conf := types.Config{Importer: importer, Error: func(err error) {
		if hard == nil && !Harmless(err) {
			hard = err
		}
	}}
	p.Types, _ = conf.Check("p", p.Fset, p.Files, p.Info)
	return p, hard
}

// Load is Check for texts that are correct. A text without a package clause
// gets one, and the imports that it uses.
func Load(t testing.TB, texts ...string) *Package {
	t.Helper()
	whole := make([]string, len(texts))
	for i, text := range texts {
		whole[i] = complete(text)
	}
	p, err := Check(whole...)
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(whole, "\n"))
	}
	return p
}

var clause = regexp.MustCompile(`(?m)^package `)

func complete(text string) string {
	if clause.MatchString(text) {
		return text
	}
	head := "package p\n"
	for _, imp := range imports {
		if regexp.MustCompile(`\b` + path.Base(imp) + `\.`).MatchString(text) {
			head += "import " + fmt.Sprintf("%q", imp) + "\n"
		}
	}
	return head + text
}

// Gate returns the gate's result for the package.
func (p *Package) Gate() *gate.Result {
	if p.gate == nil {
		p.gate = gate.Scan(p.Types, p.Info, inspector.New(p.Files), nil)
	}
	return p.gate
}

// Decl returns the declaration of a function f or method T.f.
func (p *Package) Decl(t testing.TB, name string) *ast.FuncDecl {
	t.Helper()
	for _, f := range p.Files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if ok && declName(fd) == name {
				return fd
			}
		}
	}
	t.Fatalf("no function %s", name)
	return nil
}

func declName(fd *ast.FuncDecl) string {
	if fd.Recv == nil {
		return fd.Name.Name
	}
	recv := strings.TrimPrefix(types.ExprString(fd.Recv.List[0].Type), "*")
	recv, _, _ = strings.Cut(recv, "[")
	return recv + "." + fd.Name.Name
}

// Mark returns the comment at the end of the line of pos, or the line itself.
func (p *Package) Mark(pos token.Pos) string {
	at := p.Fset.Position(pos)
	if !at.IsValid() {
		return "-"
	}
	var i int
	fmt.Sscanf(at.Filename, "f%d.go", &i)
	line := strings.Split(p.texts[i], "\n")[at.Line-1]
	if _, mark, ok := strings.Cut(line, "// "); ok {
		return strings.TrimSpace(mark)
	}
	return strings.TrimSpace(line)
}

// ProgramOfAll builds the SSA form of all functions.
func (p *Package) ProgramOfAll(t testing.TB) *ir.Program {
	t.Helper()
	prog, err := ir.Build(p.Fset, p.Types, p.Info, p.Files, func(*ast.FuncDecl) bool { return true }, ir.NoFacts)
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

// Func returns the SSA function of a declared function f or method T.f, or of
// the literals in it, f$1.
func Func(t testing.TB, prog *ir.Program, name string) *ssa.Function {
	t.Helper()
	for _, fn := range prog.Funcs {
		if funcName(fn) == name {
			return fn
		}
	}
	t.Fatalf("no function %s", name)
	return nil
}

func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		outer := funcName(fn.Parent())
		return outer + strings.TrimPrefix(fn.Name(), fn.Parent().Name())
	}
	if fd, ok := fn.Syntax().(*ast.FuncDecl); ok {
		return declName(fd)
	}
	return fn.Name()
}

// FuncName returns the name by which Func finds a function.
func FuncName(fn *ssa.Function) string { return funcName(fn) }

// Model loads a text and builds the model of one of its functions.
func Model(t testing.TB, text, root string) (*Package, *model.Model) {
	t.Helper()
	p := Load(t, text)
	prog := p.ProgramOfAll(t)
	return p, model.Build(prog, Func(t, prog, root))
}

// Fixtures returns the texts of the fixtures of some checks, or of all of them, that have
// fewer bytes than most: seeds for a fuzz target in a folder below internal/.
func Fixtures(t testing.TB, most int, checks ...string) []string {
	t.Helper()
	if len(checks) == 0 {
		checks = []string{"*"}
	}
	var texts []string
	for _, check := range checks {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "src", check, "*", "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) < most {
				texts = append(texts, string(text))
			}
		}
	}
	return texts
}
