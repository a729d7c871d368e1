package engine_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

// maxTold bounds what one walk may tell its visitor: the operations of a path's
// step are few, and the steps are counted.
const maxTold = 5_000_000

// explore asks the engine everything: the models of all roots, all paths of
// their threads, all joins and all fields.
func explore(t testing.TB, eng *engine.Package) {
	t.Helper()
	for _, root := range eng.Roots() {
		if m := eng.Partial(root); m != nil {
			exploreModel(t, m)
		}
	}
	if eng.Program() != nil {
		exploreProgram(eng)
	}
	for reason := range eng.Counts() {
		if strings.Contains(reason, "panic") || strings.Contains(reason, "building SSA") {
			t.Error(reason)
		}
	}
}

func exploreModel(t testing.TB, m *engine.Model) {
	t.Helper()
	for _, thread := range m.Threads {
		walkAll(t, m, thread)
	}
	ops, threads := m.Ops(), m.Threads
	for _, op := range ops[:min(len(ops), 20)] {
		op.Pos()
		op.Value()
		for _, thread := range threads[:min(len(threads), 20)] {
			m.Joins.WaitsFor(op, thread, nil)
		}
		for _, other := range ops[:min(len(ops), 20)] {
			m.Joins.Overtakes(order.Question{First: op, Last: other})
		}
	}
}

func exploreProgram(eng *engine.Package) {
	prog := eng.Program()
	for _, fn := range prog.Funcs {
		for _, l := range prog.Loops(fn).Loops {
			l.Turns()
		}
		prog.RunsOnce(fn)
		prog.CanReturn(fn)
	}
	for _, obj := range eng.Info.Defs {
		if v, ok := obj.(*types.Var); ok {
			eng.Field(v)
		}
	}
}

// walkAll walks all paths of a thread, with a state that changes.
func walkAll(t testing.TB, m *engine.Model, thread *model.Thread) {
	t.Helper()
	told := 0
	tell := func() { told++ }
	flow.Walk(m.Model, thread, 0, flow.Visitor{
		Op: func(s flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
			tell()
			for _, l := range op.On {
				l.Escaped()
				l.Field()
				m.Shared(thread, l.Obj)
			}
			return s, true
		},
		Start: func(s flow.State, _ *model.Thread, _ *flow.Path) (flow.State, bool) { tell(); return s ^ 1, true },
		End:   func(_ flow.State, p *flow.Path) { tell(); p.Decisions() },
	})
	if told > maxTold {
		t.Errorf("a walk of %s told %d things", thread.Root.Fn, told)
	}
}

// FuzzEngine: whatever type-checks neither makes the layers panic nor keeps
// them busy for ever. Bytes of source text rarely make a program, so each pair
// of bytes in edits is a change of the text's statements.
func FuzzEngine(f *testing.F) {
	for i, text := range irtest.Fixtures(f, 6000) {
		f.Add(text, []byte{byte(i), byte(7 * i), byte(3 * i), byte(11 * i)})
	}
	f.Fuzz(func(t *testing.T, text string, edits []byte) {
		if len(text) > 20_000 || len(edits) > 40 {
			return
		}
		text, ok := mutate(text, edits)
		if !ok {
			return
		}
		p, err := irtest.Check(text)
		if err != nil {
			return
		}
		defer func() {
			if t.Failed() {
				t.Log(text)
			}
		}()
		explore(t, newEngine(t, p))
	})
}

// mutate changes the statements of a text. Each change is printed and parsed
// again, so that a statement moved into itself makes no cycle.
func mutate(text string, edits []byte) (string, bool) {
	for ; len(edits) > 1; edits = edits[2:] {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
		if err != nil || len(text) > 50_000 {
			return "", false
		}
		lists := statements(file)
		if len(lists) == 0 {
			return "", false
		}
		list := lists[int(edits[0])%len(lists)]
		i := int(edits[1]) % len(*list)
		other := *lists[int(edits[1])%len(lists)]
		var moved strings.Builder
		if printer.Fprint(&moved, fset, other[0]) != nil {
			return "", false
		}
		*list = mutateList(*list, i, int(edits[0]^edits[1])%10, &ast.ExprStmt{X: ast.NewIdent(moved.String())})
		var b strings.Builder
		if printer.Fprint(&b, fset, file) != nil {
			return "", false
		}
		text = b.String()
	}
	return text, true
}

// statements returns the lists of statements in a file that are not empty.
func statements(file *ast.File) []*[]ast.Stmt {
	var lists []*[]ast.Stmt
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			lists = append(lists, &n.List)
		case *ast.CaseClause:
			lists = append(lists, &n.Body)
		case *ast.CommClause:
			lists = append(lists, &n.Body)
		}
		return true
	})
	return slices.DeleteFunc(lists, func(l *[]ast.Stmt) bool { return len(*l) == 0 })
}

// mutateList changes statement i of a list.
func mutateList(list []ast.Stmt, i, how int, other ast.Stmt) []ast.Stmt {
	block := &ast.BlockStmt{List: []ast.Stmt{list[i]}}
	lit := &ast.CallExpr{Fun: &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: block}}
	whether := &ast.BinaryExpr{X: &ast.CallExpr{Fun: ast.NewIdent("len"), Args: []ast.Expr{&ast.CompositeLit{
		Type: &ast.ArrayType{Elt: ast.NewIdent("int")}}}}, Op: token.GTR, Y: &ast.BasicLit{Kind: token.INT, Value: "0"}}
	list = slices.Clone(list)
	switch how {
	case 0:
		return slices.Delete(list, i, i+1)
	case 1:
		return slices.Insert(list, i, list[i])
	case 2:
		j := len(list) - 1
		list[i], list[j] = list[j], list[i]
	case 3:
		list[i] = &ast.ForStmt{Body: block}
	case 4:
		list[i] = &ast.IfStmt{Cond: &ast.ParenExpr{X: whether}, Body: block}
	case 5:
		list[i] = &ast.GoStmt{Call: lit}
	case 6:
		list[i] = &ast.DeferStmt{Call: lit}
	case 7:
		list[i] = &ast.RangeStmt{X: &ast.BasicLit{Kind: token.INT, Value: "3"}, Body: block}
	case 8:
		return append(list, other)
	case 9:
		list[i] = &ast.SelectStmt{Body: &ast.BlockStmt{List: []ast.Stmt{&ast.CommClause{Body: block.List}}}}
	}
	return list
}
