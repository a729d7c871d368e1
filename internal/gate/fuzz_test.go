package gate_test

import (
	"go/ast"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/irtest"
)

// FuzzGate: whatever type-checks does not make the gate panic, and a function with a
// go, send or select in its text is relevant, and has it in its mask.
func FuzzGate(f *testing.F) {
	for _, text := range irtest.Fixtures(f, 3000) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		p, err := irtest.Check(text)
		if err != nil {
			return
		}
		for _, acts := range []bool{false, true} {
			r := gate.Scan(p.Types, p.Info, inspector.New(p.Files), func(*types.Func) bool { return acts })
			for _, d := range p.Files[0].Decls {
				fd, ok := d.(*ast.FuncDecl)
				if !ok || fd.Body == nil {
					continue
				}
				if want := plain(fd); want != 0 && (r.Funcs[fd]&want != want || !r.Relevant(fd) || r.Mask&want != want) {
					t.Errorf("%s: mask %b lacks some of %b, relevant %t", fd.Name.Name, r.Funcs[fd], want, r.Relevant(fd))
				}
			}
		}
	})
}

// plain returns the operations of a function that no type is needed for.
func plain(fd *ast.FuncDecl) gate.Mask {
	var m gate.Mask
	for n := range ast.Preorder(fd.Body) {
		switch n.(type) {
		case *ast.GoStmt:
			m |= gate.Go
		case *ast.SendStmt:
			m |= gate.Send
		case *ast.SelectStmt:
			m |= gate.Recv
		}
	}
	return m
}
