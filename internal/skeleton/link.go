package skeleton

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/syntax"
)

// Limits of what is linked into one package.
const (
	maxLinked = 2000 // functions
	maxRounds = 6    // of calls from one foreign package into another
)

// A Linker builds the SSA form of the skeletons that a package calls.
type Linker struct {
	fset *token.FileSet
	prog *ssa.Program
	home *types.Package
	fact func(*types.Package) *Fact

	bodies map[*types.Func]*ssa.Function
	order  []*ssa.Function           // in which they were built
	known  map[string]*types.Package // all that home imports, directly or not
	tried  map[*types.Func]bool
	linked int

	// Dropped counts the functions whose text was of no use here.
	Dropped int
}

// NewLinker returns a Linker for the package home, whose SSA form is in prog.
func NewLinker(fset *token.FileSet, prog *ssa.Program, home *types.Package, fact func(*types.Package) *Fact) *Linker {
	return &Linker{
		fset: fset, prog: prog, home: home, fact: fact,
		bodies: make(map[*types.Func]*ssa.Function),
		tried:  make(map[*types.Func]bool),
	}
}

// Body returns the SSA form of the skeleton of a function of another package, if
// it has been linked; else nil.
func (l *Linker) Body(f *types.Func) *ssa.Function {
	if f == nil {
		return nil
	}
	return l.bodies[f.Origin()]
}

// Known returns what is known of a function of another package: its skeleton; nil
// and true if it touches nothing; nil and false if it may do anything.
func Known(fact *Fact, f *types.Func) (fn *Func, known bool) {
	if fact == nil {
		return nil, false
	}
	name := NameOf(f)
	if name == "" || strings.HasPrefix(name, "_") {
		return nil, false
	}
	fn, _ = fact.Lookup(name)
	if fn == nil {
		return nil, true
	}
	return fn, fn.Known()
}

// Link builds the skeletons of functions, and of those that they call in turn.
func (l *Linker) Link(funcs []*types.Func) {
	for range maxRounds {
		byPackage := make(map[*types.Package][]*types.Func)
		var order []*types.Package
		for _, f := range funcs {
			f = f.Origin()
			if l.tried[f] || f.Pkg() == nil || f.Pkg() == l.home {
				continue
			}
			l.tried[f] = true
			if byPackage[f.Pkg()] == nil {
				order = append(order, f.Pkg())
			}
			byPackage[f.Pkg()] = append(byPackage[f.Pkg()], f)
		}
		funcs = nil
		sort.Slice(order, func(i, j int) bool { return order[i].Path() < order[j].Path() })
		for _, pkg := range order {
			if fact := l.fact(pkg); fact != nil {
				funcs = append(funcs, l.unit(pkg, fact, byPackage[pkg])...)
			}
		}
		if len(funcs) == 0 {
			return
		}
	}
}

// unit links functions of one package. It returns the functions of other packages
// that their skeletons call.
func (l *Linker) unit(pkg *types.Package, fact *Fact, funcs []*types.Func) []*types.Func {
	u := &unit{l: l, pkg: pkg, fact: fact, chosen: make(map[int]bool), real: make(map[int]*types.Func)}
	for _, f := range funcs {
		if fn, i := fact.Lookup(NameOf(f)); fn != nil && fn.Known() {
			u.choose(i)
		}
	}
	if len(u.chosen) == 0 || l.linked+len(u.chosen) > maxLinked {
		return nil
	}
	l.linked += len(u.chosen)
	u.findReal()
	for len(u.chosen) > 0 {
		file, info, bad := u.check()
		if file == nil {
			return nil
		}
		if len(bad) == 0 {
			return u.build(file, info)
		}
		for _, i := range bad {
			delete(u.chosen, i)
			l.Dropped++
		}
	}
	return nil
}

// A unit is the skeletons of one package that are linked together.
type unit struct {
	l      *Linker
	pkg    *types.Package // the real one
	stub   *types.Package // of the same path, in which the skeletons are declared
	fact   *Fact
	chosen map[int]bool
	real   map[int]*types.Func // the declared function, if it can be found here
}

func (u *unit) choose(i int) {
	if u.chosen[i] {
		return
	}
	u.chosen[i] = true
	for _, c := range u.fact.Funcs[i].Calls {
		u.choose(c)
	}
}

// findReal finds the declared functions behind the chosen entries.
func (u *unit) findReal() {
	for i := range u.chosen {
		name := u.fact.Funcs[i].Name
		recv, method, isMethod := strings.Cut(name, ".")
		if !isMethod {
			if f, ok := u.pkg.Scope().Lookup(name).(*types.Func); ok {
				u.real[i] = f
			}
			continue
		}
		tn, ok := u.pkg.Scope().Lookup(recv).(*types.TypeName)
		if !ok {
			continue
		}
		if named, ok := types.Unalias(tn.Type()).(*types.Named); ok {
			for m := range named.Methods() {
				if m.Name() == method {
					u.real[i] = m.Origin()
				}
			}
		}
	}
}

// declared returns the name under which an entry is declared: its own if only the
// package can name it, so that the others find it.
func (u *unit) declared(i int) string {
	f := &u.fact.Funcs[i]
	if !strings.Contains(f.Name, ".") && !ast.IsExported(f.Name) {
		return f.Name
	}
	return "_f" + strconv.Itoa(i)
}

// filePrefix begins the name of a file of skeletons, which only the FileSet knows.
const filePrefix = "skeletons of "

// IsForeign reports whether a position is one in a skeleton.
func IsForeign(fset *token.FileSet, pos token.Pos) bool {
	if !pos.IsValid() {
		return false
	}
	f := fset.File(pos)
	return f != nil && strings.HasPrefix(f.Name(), filePrefix)
}

const prelude = `
func _u[T any](...any) T { panic(0) }
func _keep(...any) { panic(0) }
type _e struct{}
func (_e) Error() string { return "" }
func _err() error { return _e{} }
`

// source returns the text of the unit as a file.
func (u *unit) source() string {
	var sb strings.Builder
	fmt.Fprintf(&sb, "package %s\n", u.pkg.Name())
	for _, imp := range u.fact.Imports {
		if u.l.importable(imp.Path) != nil {
			fmt.Fprintf(&sb, "import %s %q\n", imp.Name, imp.Path)
		}
	}
	sb.WriteString(prelude)
	for i := range u.fact.Funcs {
		if !u.chosen[i] {
			continue
		}
		f := &u.fact.Funcs[i]
		if f.Text == "" {
			continue
		}
		if real := u.real[i]; real != nil && real.Pos().IsValid() {
			if p := u.l.fset.Position(real.Pos()); p.Filename != "" && p.Line > 0 && !strings.ContainsAny(p.Filename, "\n\r") {
				fmt.Fprintf(&sb, "//line %s:%d\n", p.Filename, p.Line)
			}
		}
		fmt.Fprintf(&sb, "func %s%s\n", u.declared(i), expand(f.Text))
	}
	return sb.String()
}

// expand makes the line breaks that the text leaves out.
func expand(text string) string {
	if !strings.Contains(text, skipStart) {
		return text
	}
	var sb strings.Builder
	for {
		before, after, ok := strings.Cut(text, skipStart)
		sb.WriteString(before)
		if !ok {
			return sb.String()
		}
		count, rest, _ := strings.Cut(after, skipEnd)
		n, _ := strconv.Atoi(count)
		sb.WriteString(strings.Repeat("\n", min(n, maxFunction)+1))
		text = rest
	}
}

// check parses and type-checks the unit. bad are the entries that are not valid
// here; the file is nil if the text makes no sense at all.
func (u *unit) check() (file *ast.File, info *types.Info, bad []int) {
	file, err := parser.ParseFile(u.l.fset, filePrefix+u.pkg.Path(), u.source(), parser.SkipObjectResolution)
	if err != nil {
		u.l.Dropped += len(u.chosen)
		return nil, nil, nil
	}
	u.stub = types.NewPackage(u.pkg.Path(), u.pkg.Name())
	u.inject(file)
	info = syntax.NewInfo()
	entries := make(map[string]int)
	for i := range u.chosen {
		entries[u.declared(i)] = i
	}
	conf := types.Config{
		Importer: importerFunc(u.l.importable),
		Error: func(err error) {
			e, ok := err.(types.Error)
			if !ok || e.Soft {
				return // an unused variable
			}
			for _, d := range file.Decls {
				if fd, ok := d.(*ast.FuncDecl); ok && fd.Pos() <= e.Pos && e.Pos <= fd.End() {
					if i, ok := entries[fd.Name.Name]; ok && !slices.Contains(bad, i) {
						bad = append(bad, i)
					}
				}
			}
		},
	}
	types.NewChecker(&conf, u.l.fset, u.stub, info).Files([]*ast.File{file}) // errors went to conf.Error
	return file, info, bad
}

// inject declares in the stub package what the skeletons mention of the real one.
func (u *unit) inject(file *ast.File) {
	own := make(map[string]bool)
	for _, d := range file.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			own[fd.Name.Name] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || own[id.Name] || u.stub.Scope().Lookup(id.Name) != nil {
			return true
		}
		if obj := u.pkg.Scope().Lookup(id.Name); obj != nil {
			u.stub.Scope().Insert(obj)
		}
		return true
	})
}

// build builds the SSA form of a unit that was checked.
func (u *unit) build(file *ast.File, info *types.Info) []*types.Func {
	var elsewhere []*types.Func
	seen := make(map[*types.Func]bool)
	for _, obj := range info.Uses {
		if obj.Pkg() == nil || obj.Pkg() == u.stub {
			continue
		}
		if obj.Parent() == obj.Pkg().Scope() && !isType(obj) && u.l.prog.Package(obj.Pkg()) == nil {
			u.l.prog.CreatePackage(obj.Pkg(), nil, nil, true)
		}
		if f, ok := obj.(*types.Func); ok && !seen[f] {
			seen[f] = true
			elsewhere = append(elsewhere, f)
		}
	}
	sort.Slice(elsewhere, func(i, j int) bool { return elsewhere[i].FullName() < elsewhere[j].FullName() })
	for _, d := range file.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && (fd.Name.Name == unknownName || fd.Name.Name == keepName) {
			fd.Body = nil
		}
	}
	u.stub.SetImports(nil) // their initializers are of no interest
	pkg := u.l.prog.CreatePackage(u.stub, []*ast.File{file}, info, false)
	pkg.Build()
	if fn := pkg.Func(errName); fn != nil {
		u.l.order = append(u.l.order, fn)
		u.l.bodies[fn.Object().(*types.Func)] = fn
	}
	for _, i := range slices.Sorted(maps.Keys(u.chosen)) {
		fn := pkg.Func(u.declared(i))
		if fn == nil || len(fn.Blocks) == 0 {
			continue
		}
		u.l.order = append(u.l.order, fn)
		if real := u.real[i]; real != nil {
			u.l.bodies[real] = fn
		}
		if obj, ok := fn.Object().(*types.Func); ok {
			u.l.bodies[obj] = fn
		}
	}
	return elsewhere
}

func isType(obj types.Object) bool {
	_, ok := obj.(*types.TypeName)
	return ok
}

type importerFunc func(path string) *types.Package

// Import returns an imported package.
func (f importerFunc) Import(path string) (*types.Package, error) {
	if p := f(path); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s is not known here", path)
}

// importable returns a package that home imports, directly or not; nil for others.
func (l *Linker) importable(path string) *types.Package {
	if path == "unsafe" {
		return types.Unsafe
	}
	if l.known == nil {
		l.known = make(map[string]*types.Package)
		var visit func(p *types.Package)
		visit = func(p *types.Package) {
			for _, imp := range p.Imports() {
				if l.known[imp.Path()] == nil {
					l.known[imp.Path()] = imp
					visit(imp)
				}
			}
		}
		visit(l.home)
	}
	if p := l.known[path]; p != nil {
		return p
	}
	return nil
}

// Bodies returns the SSA form of all skeletons that have been linked, in the order in
// which they were.
func (l *Linker) Bodies() []*ssa.Function { return l.order }

// Leads reports whether something of a tuple, the results of a function, may lead to
// a primitive or a function.
func Leads(t *types.Tuple) bool {
	memo := make(map[types.Type]bool)
	for v := range t.Variables() {
		if reaches(v.Type(), true, memo) {
			return true
		}
	}
	return false
}
