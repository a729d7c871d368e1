package syntax_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/concurlint/concurlint/internal/syntax"
)

func index(t *testing.T, texts ...string) *syntax.Index {
	t.Helper()
	x := &syntax.Index{Fset: token.NewFileSet()}
	for _, text := range texts {
		f, err := parser.ParseFile(x.Fset, "", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		x.Files = append(x.Files, f)
	}
	return x
}

// TestOperation asks at the position of the § for the operation there.
func TestOperation(t *testing.T) {
	tests := []struct{ stmt, op, operand, span string }{
		{"c §<- 1", "*ast.SendStmt", "c", "c <- 1"},
		{"s.c §<- <-d", "*ast.SendStmt", "s.c", "s.c <- <-d"},
		{"x = §<-c", "*ast.UnaryExpr", "c", "<-c"},
		{"§for v := range f(c) { _ = v }", "*ast.RangeStmt", "f(c)", "for v := range f(c)"},
		{"§go func(a int) { _ = a }(1)", "*ast.GoStmt", "", "go func(a int)"},
		{"§go f(c)", "*ast.GoStmt", "", "go f(c)"},
		{"§defer close(c)", "*ast.DeferStmt", "c", "defer close(c)"},
		{"§defer wg.Done()", "*ast.DeferStmt", "wg", "defer wg.Done()"},
		{"close§(c)", "*ast.CallExpr", "c", "close(c)"},
		{"(s.wg.Wait)§()", "*ast.CallExpr", "s.wg", "(s.wg.Wait)()"},
		{"f§()", "*ast.CallExpr", "", "f()"},
		{"select { case v := §<-c: _ = v }", "*ast.UnaryExpr", "c", "<-c"},
		{"select { case c §<- 1: }", "*ast.SendStmt", "c", "c <- 1"},
		{"x §= 1", "", "", ""},
		{"if §true { x = 1 }", "", "", ""},
	}
	for _, test := range tests {
		before, after, _ := strings.Cut(test.stmt, "§")
		head := "package p\nfunc f() {\n"
		src := head + before + after + "\n}\n"
		x := index(t, "package other\n", src)
		base := x.Files[1].FileStart
		pos := base + token.Pos(len(head)+len(before))
		op, operand := x.Operation(pos)
		kind := ""
		if op != nil {
			kind = fmt.Sprintf("%T", op)
		}
		if kind != test.op || syntax.Text(operand) != test.operand {
			t.Errorf("%s: %s on %q", test.stmt, kind, syntax.Text(operand))
		}
		start, end := x.Span(pos)
		if op == nil {
			if start != pos || end.IsValid() {
				t.Errorf("%s: a span without an operation", test.stmt)
			}
			continue
		}
		if got := src[start-base : end-base]; got != test.span {
			t.Errorf("%s: span %q", test.stmt, got)
		}
	}
}

func TestNowhere(t *testing.T) {
	x := index(t, "package p\n")
	for _, pos := range []token.Pos{token.NoPos, x.Files[0].FileEnd, 1 << 40} {
		if x.File(pos) != nil || x.Path(pos) != nil || syntax.Enclosing[*ast.FuncDecl](x, pos) != nil {
			t.Errorf("something at %d", pos)
		}
		if op, operand := x.Operation(pos); op != nil || operand != nil {
			t.Errorf("an operation at %d", pos)
		}
	}
}

func TestEnclosing(t *testing.T) {
	src := "package p\nfunc f() { func() { for { _ = 1 } }() }\n"
	x := index(t, src)
	pos := x.Files[0].FileStart + token.Pos(strings.Index(src, "1"))
	if fd := syntax.Enclosing[*ast.FuncDecl](x, pos); fd == nil || fd.Name.Name != "f" {
		t.Error("not in f")
	}
	if syntax.Enclosing[*ast.FuncLit](x, pos) == nil || syntax.Enclosing[*ast.ForStmt](x, pos) == nil {
		t.Error("not in the literal's loop")
	}
	if syntax.Enclosing[*ast.RangeStmt](x, pos) != nil {
		t.Error("in a range")
	}
	if x.Line(pos) != 2 {
		t.Errorf("line %d", x.Line(pos))
	}
}

func TestText(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"a.b[i]", "a.b[i]"},
		{"f(x,\n\ty)", "f(x, y)"},
		{"func() { f() }", "(func() literal)"},
		{strings.Repeat("é", 40), strings.Repeat("é", 40)},
		{strings.Repeat("é", 41), strings.Repeat("é", 37) + "..."},
	}
	for _, test := range tests {
		e, err := parser.ParseExpr(test.expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := syntax.Text(e); got != test.want {
			t.Errorf("%s: %q", test.expr, got)
		}
	}
	if syntax.Text(nil) != "" {
		t.Error("no expression has a text")
	}
}

// TestInOrder: files come in the order of their names, whichever was parsed first.
func TestInOrder(t *testing.T) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range []string{"c.go", "a.go", "b.go"} {
		f, err := parser.ParseFile(fset, name, "package p", 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	given := slices.Clone(files)
	if got, want := syntax.InOrder(fset, files), []*ast.File{files[1], files[2], files[0]}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !slices.Equal(files, given) {
		t.Error("the argument has changed")
	}
}

// TestPathWithinDeclaration: looking into one declaration only finds the same nodes.
func TestPathWithinDeclaration(t *testing.T) {
	const text = "// Doc of p.\npackage p\n\nimport \"fmt\"\n\n// Doc of x.\nvar x, y = 1, 2 // one\n\ntype t struct{ a int }\n\nfunc (t) f() { fmt.Println(x) }; func g() {}\n\n// end\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	index := &syntax.Index{Fset: fset, Files: []*ast.File{file}}
	for pos := file.FileStart; pos < file.FileEnd; pos++ {
		want, _ := astutil.PathEnclosingInterval(file, pos, pos+1)
		if got := index.Path(pos); !slices.Equal(got, want) {
			t.Errorf("offset %d: %v, not %v", pos-file.FileStart, got, want)
		}
	}
}
