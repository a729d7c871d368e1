package engine

import "go/ast"

// maxBranches bounds the branches of a function that gets SSA. What finds the places of
// its phi nodes takes time that grows with the square of them: a second for 10,000
// cases of a switch. People do not write such functions, and of the rest of the package
// nothing can be said without them.
const maxBranches = 5000

// longText is the length, in bytes, below which no function has so many.
const longText = 8 * maxBranches

// tooLong returns the name of a relevant function with too many branches, or "".
func (p *Package) tooLong() string {
	for _, file := range p.Syntax.Files {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if ok && fd.Body != nil && fd.End()-fd.Pos() > longText && p.Gate.Relevant(fd) && branches(fd) > maxBranches {
				return fd.Name.Name
			}
		}
	}
	return ""
}

// branches counts the branches in a function and its literals.
func branches(fd *ast.FuncDecl) int {
	n := 0
	for node := range ast.Preorder(fd) {
		switch node.(type) {
		case *ast.CaseClause, *ast.CommClause, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		}
	}
	return n
}
