package report

import (
	"go/ast"
	"go/token"
)

// spanEnd returns the end of the range that starts at pos: end itself where it
// makes sense, else the end of the largest piece of syntax that starts at pos
// and stays on its line, else the end of the line. A range over the whole body
// of a goroutine or loop would underline the screen in an editor.
func spanEnd(fset *token.FileSet, files []*ast.File, pos, end token.Pos) token.Pos {
	tokFile := fset.File(pos)
	if tokFile == nil {
		return token.NoPos
	}
	if end > pos && end <= token.Pos(tokFile.Base()+tokFile.Size()) {
		return end
	}
	i := fileIndex(files, pos)
	if i < 0 {
		return token.NoPos // another package's file: its syntax is unknown
	}
	lineEnd := endOfLine(tokFile, pos)
	best := token.NoPos
	ast.Inspect(files[i], func(n ast.Node) bool {
		if n == nil || n.Pos() > pos || n.End() <= pos {
			return false
		}
		if n.Pos() != pos {
			return true
		}
		if e := headEnd(n); e <= lineEnd && e > best {
			best = e
		}
		return true
	})
	if !best.IsValid() {
		return lineEnd
	}
	return best
}

// headEnd returns the end of the node, or of what precedes its body.
func headEnd(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.GoStmt:
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
			return lit.Type.End()
		}
	case *ast.DeferStmt:
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
			return lit.Type.End()
		}
	case *ast.RangeStmt:
		return n.X.End()
	case *ast.ForStmt:
		return n.For + token.Pos(len("for"))
	case *ast.SelectStmt:
		return n.Select + token.Pos(len("select"))
	case *ast.FuncLit:
		return n.Type.End()
	case *ast.FuncDecl:
		return n.Type.End()
	}
	return n.End()
}

// endOfLine returns the position of the line break that ends pos's line.
func endOfLine(f *token.File, pos token.Pos) token.Pos {
	line := f.PositionFor(pos, false).Line
	if line < f.LineCount() {
		return f.LineStart(line+1) - 1
	}
	return token.Pos(f.Base() + f.Size())
}
