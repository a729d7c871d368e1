package patterns_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/patterns"
)

func Example() {
	for _, name := range patterns.Names() {
		fmt.Println(patterns.Summary(name))
	}
	// Output:
	// Package fanin merges what several goroutines produce into one loop, and spreads one input over several goroutines.
	// Package group runs a few different tasks at the same time: all that must succeed, all of them whatever happens, or the first that succeeds.
	// Package pipeline connects stages that work at the same time, each on its own goroutine, and hands the values to a loop in their order.
	// Package semaphore limits what runs at the same time by what it costs: a number of bytes, connections or licences that all share.
	// Package workerpool calls a function for many inputs on a fixed number of goroutines.
}

func TestUnknownName(t *testing.T) {
	for _, name := range []string{"", ".", "nosuch", "fanin/fanin", "../patterns"} {
		if src, ok := patterns.Source(name); ok || src != nil || patterns.Summary(name) != "" {
			t.Errorf("there is a pattern %q", name)
		}
		if src, ok := patterns.Test(name); ok || src != nil || patterns.Needs(name) != nil {
			t.Errorf("there is a test of %q", name)
		}
		if code, test := patterns.Releases(name); code != "" || test != "" {
			t.Errorf("%q needs Go %s, and Go %s", name, code, test)
		}
	}
}

func TestNoPatternIsLeftOut(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range entries {
		if e.IsDir() {
			want = append(want, e.Name())
		}
	}
	if got := patterns.Names(); !slices.Equal(got, want) {
		t.Errorf("Names() = %v, but the directories are %v", got, want)
	}
}

// A file is a parsed pattern.
type file struct {
	name string
	src  []byte
	fset *token.FileSet
	*ast.File
}

func parse(t *testing.T) []file {
	t.Helper()
	var files []file
	for _, name := range patterns.Names() {
		src, ok := patterns.Source(name)
		if !ok {
			t.Fatalf("no source of %s", name)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name+".go", src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{name, src, fset, f})
	}
	return files
}

// comment returns the comments that belong to the line of pos: those on it, and
// those directly above.
func (f file) comment(pos token.Pos) string {
	line := f.fset.Position(pos).Line
	var text string
	for _, group := range f.Comments {
		first, last := f.fset.Position(group.Pos()).Line, f.fset.Position(group.End()).Line
		if first == line || last == line-1 {
			text += group.Text()
		}
	}
	return text
}

// TestOneFileIsEnough checks that to copy a file is to have the pattern.
func TestOneFileIsEnough(t *testing.T) {
	for _, f := range parse(t) {
		if f.Name.Name != f.name {
			t.Errorf("%s: the package is called %s", f.name, f.Name.Name)
		}
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(path, ".") && !strings.HasPrefix(path, "golang.org/x/sync/") {
				t.Errorf("%s imports %s", f.name, path)
			}
		}
		sources, err := filepath.Glob(f.name + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range sources {
			if base := filepath.Base(path); base != f.name+".go" && !strings.HasSuffix(base, "_test.go") {
				t.Errorf("%s: %s is a second file of code", f.name, base)
			}
		}
		if onDisk, err := os.ReadFile(filepath.Join(f.name, f.name+".go")); err != nil || !bytes.Equal(onDisk, f.src) {
			t.Errorf("%s: Source is not the file: %v", f.name, err)
		}
	}
}

// TestTestIsEnough checks that a pattern's test can be copied with it.
func TestTestIsEnough(t *testing.T) {
	for _, name := range patterns.Names() {
		src, ok := patterns.Test(name)
		if onDisk, err := os.ReadFile(filepath.Join(name, name+"_test.go")); !ok || err != nil || !bytes.Equal(onDisk, src) {
			t.Errorf("%s: Test is not the file: %v", name, err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name+"_test.go", src, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.Name != name+"_test" {
			t.Errorf("%s: the test is of package %s", name, f.Name.Name)
		}
		self := 0
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case path == patterns.Path+"/"+name:
				self++
			case strings.Contains(path, ".") && !strings.HasPrefix(path, "golang.org/x/sync/"):
				t.Errorf("%s: the test imports %s", name, path)
			}
		}
		if self != 1 {
			t.Errorf("%s: the test imports its package %d times", name, self)
		}
	}
}

// TestReleases has go vet check the files for the releases that they are said to
// need, where all is well, and for the ones before, where something is missing.
func TestReleases(t *testing.T) {
	for _, name := range patterns.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, test := patterns.Releases(name)
			if out, ok := vet(t, name, code, false); !ok {
				t.Errorf("needs more than Go %s:\n%s", code, out)
			}
			if _, ok := vet(t, name, before(t, code), false); ok {
				t.Errorf("does not need Go %s", code)
			}
			if out, ok := vet(t, name, test, true); !ok {
				t.Errorf("the test needs more than Go %s:\n%s", test, out)
			}
			if _, ok := vet(t, name, before(t, test), true); ok {
				t.Errorf("the test does not need Go %s", test)
			}
		})
	}
}

// before returns the release before, which is "1.24" for "1.25".
func before(t *testing.T, release string) string {
	minor, err := strconv.Atoi(strings.TrimPrefix(release, "1."))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("1.%d", minor-1)
}

// vet reports whether go vet finds nothing wrong with a pattern in a module of a
// Go release.
func vet(t *testing.T, name, release string, withTest bool) (out []byte, ok bool) {
	t.Helper()
	dir := t.TempDir()
	write := func(file string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// A copy of golang.org/x/sync, which by itself asks for a later release.
	if err := os.CopyFS(filepath.Join(dir, "sync"), os.DirFS("../testdata/src/golang.org/x/sync")); err != nil {
		t.Fatal(err)
	}
	write("sync/go.mod", []byte("module golang.org/x/sync\n\ngo 1.18\n"))
	write("go.mod", fmt.Appendf(nil, `module %s

go %s

require golang.org/x/sync v0.0.0

replace golang.org/x/sync => ./sync
`, patterns.Path+"/"+name, release))
	src, _ := patterns.Source(name)
	write(name+".go", src)
	if withTest {
		src, _ := patterns.Test(name)
		write(name+"_test.go", src)
	}
	cmd := exec.Command("go", "vet", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	return out, err == nil
}

// TestSharedCodeIsTheSame checks that the declarations which the patterns have in
// common, because each must work alone, do not drift apart.
func TestSharedCodeIsTheSame(t *testing.T) {
	shared := regexp.MustCompile(`^(\(\*?(crew|turn|PanicError)\)\..*|crew|newCrew|turn|newTurn|share|keepStack|PanicError|newPanicError|Source|From|sendTo|deliver)$`)
	type origin struct{ name, text string }
	seen := make(map[string]origin)
	for _, f := range parse(t) {
		for _, decl := range f.Decls {
			name := declName(decl)
			if !shared.MatchString(name) {
				continue
			}
			var text bytes.Buffer
			if err := format.Node(&text, f.fset, decl); err != nil {
				t.Fatal(err)
			}
			if first, ok := seen[name]; !ok {
				seen[name] = origin{f.name, text.String()}
			} else if first.text != text.String() {
				t.Errorf("%s differs between %s and %s", name, first.name, f.name)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d shared declarations found", len(seen))
	}
}

// declName returns the name of a function, "(*T).name" for a method, or the name
// of the first type of a declaration.
func declName(decl ast.Decl) string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		if star, ok := d.Recv.List[0].Type.(*ast.StarExpr); ok {
			if id, ok := star.X.(*ast.Ident); ok {
				return "(*" + id.Name + ")." + d.Name.Name
			}
		}
	case *ast.GenDecl:
		if spec, ok := d.Specs[0].(*ast.TypeSpec); ok {
			return spec.Name.Name
		}
	}
	return ""
}

// TestChannelsAndGoroutinesAreExplained checks the comments that make the files
// worth reading: who closes a channel and why it has its capacity, and when a
// goroutine ends.
func TestChannelsAndGoroutinesAreExplained(t *testing.T) {
	for _, f := range parse(t) {
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if !strings.Contains(f.comment(n.Pos()), "ends ") {
					t.Errorf("%s: a goroutine without \"ends when\"", f.fset.Position(n.Pos()))
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if ok && sel.Sel.Name == "Go" && !strings.Contains(f.comment(n.Pos()), "ends ") {
					t.Errorf("%s: a goroutine without \"ends when\"", f.fset.Position(n.Pos()))
				}
			case *ast.AssignStmt:
				call, ok := n.Rhs[0].(*ast.CallExpr)
				if !ok || len(call.Args) == 0 || !isChannel(call) {
					return true
				}
				if text := f.comment(n.Pos()); !strings.Contains(text, "closed") || !strings.Contains(text, "capacity") {
					t.Errorf("%s: a channel without \"closed by\" and \"capacity because\"", f.fset.Position(n.Pos()))
				}
			case *ast.Field:
				if ch, ok := n.Type.(*ast.ChanType); ok && ch.Dir == ast.SEND|ast.RECV {
					if text := n.Comment.Text(); !strings.Contains(text, "closed") || !strings.Contains(text, "capacity") {
						t.Errorf("%s: a channel without \"closed by\" and \"capacity because\"", f.fset.Position(n.Pos()))
					}
				}
			}
			return true
		})
	}
}

// isChannel reports whether a call is make(chan …).
func isChannel(call *ast.CallExpr) bool {
	_, ok := call.Args[0].(*ast.ChanType)
	return ok
}

// TestFunctionsAreShort counts the lines of a function without its comments.
func TestFunctionsAreShort(t *testing.T) {
	for _, f := range parse(t) {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := 0
			body := f.src[f.fset.Position(fn.Pos()).Offset:f.fset.Position(fn.End()).Offset]
			for line := range strings.Lines(string(body)) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
					n++
				}
			}
			if n > 30 {
				t.Errorf("%s: %s has %d lines", f.name, fn.Name.Name, n)
			}
		}
	}
}

// TestDoc checks that the package comments have the same parts, and name only
// checks that there are or will be.
func TestDoc(t *testing.T) {
	checks := []string{"cancelstop", "chanclose", "chanpanic", "errgroupctx", "errgroupwait", "goleak", "gospawn", "lockblock", "semrelease", "wgadd", "wgwait"}
	row := regexp.MustCompile(`(?m)^\t(\w+) {2,}\S`)
	for _, f := range parse(t) {
		text := f.Doc.Text()
		for _, part := range []string{
			"Guarantees:", ". Completeness: ", ". Order: ", ". Cancellation: ", ". Errors: ", ". Panics: ", ". Memory: ",
			"Do not use it ", "Mistakes that it prevents, ", "──►",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the package comment has no %q", f.name, part)
			}
		}
		_, table, _ := strings.Cut(text, "Mistakes that it prevents, ")
		rows := row.FindAllStringSubmatch(table, -1)
		if len(rows) < 4 {
			t.Errorf("%s: only %d checks are named", f.name, len(rows))
		}
		for _, r := range rows {
			if !slices.Contains(checks, r[1]) {
				t.Errorf("%s: there is no check %s", f.name, r[1])
			}
		}
	}
}
