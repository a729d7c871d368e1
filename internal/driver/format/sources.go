package format

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Sources reads files, each once. One that cannot be read is empty.
type Sources struct {
	overlay map[string]string // of go vet -overlay
	files   map[string]*source
}

// NewSources returns the sources. The overlay, which may be nil, names for a
// file the one to read instead of it.
func NewSources(overlay map[string]string) *Sources {
	return &Sources{overlay: overlay, files: make(map[string]*source)}
}

// A source is a file.
type source struct {
	text  []byte
	lines []string

	// These are made when they are asked for.
	funcs  []funcRange
	tokens map[int][]tokenRange
}

type funcRange struct {
	name       string
	start, end int // lines
}

func (s *Sources) file(name string) *source {
	f := s.files[name]
	if f == nil {
		from := name
		if other, ok := s.overlay[name]; ok {
			from = other
		}
		f = &source{}
		if name != "" {
			f.text, _ = os.ReadFile(from) // if it is gone, so be it
		}
		f.lines = strings.Split(string(f.text), "\n")
		s.files[name] = f
	}
	return f
}

// Line returns a line of a file, without its end.
func (s *Sources) Line(file string, line int) (text string, ok bool) {
	lines := s.file(file).lines
	if line < 1 || line > len(lines) || file == "" {
		return "", false
	}
	return strings.TrimSuffix(lines[line-1], "\r"), true
}

// Code returns a line of a file without comments.
func (s *Sources) Code(file string, line int) (text string, ok bool) {
	text, ok = s.Line(file, line)
	var code strings.Builder
	from := 0
	for _, t := range s.tokens(file, line) {
		if t.class == comment {
			code.WriteString(text[from:min(t.start, len(text))])
			from = min(t.end, len(text))
		}
	}
	code.WriteString(text[from:])
	return code.String(), ok
}

// Count returns the number of lines of a file.
func (s *Sources) Count(file string) int { return len(s.file(file).lines) }

// Function returns the name of the function around a line: "f", "T.m", or ""
// outside of functions.
func (s *Sources) Function(file string, line int) string { return s.function(file, line).name }

// functionLine returns the line on which the function around a line begins, or 0
// outside of functions.
func (s *Sources) functionLine(file string, line int) int { return s.function(file, line).start }

func (s *Sources) function(file string, line int) funcRange {
	f := s.file(file)
	if f.funcs == nil {
		f.funcs = functions(f.text)
	}
	for _, fn := range f.funcs {
		if fn.start <= line && line <= fn.end {
			return fn
		}
	}
	return funcRange{}
}

// functions lists the functions of a file. It is never nil.
func functions(text []byte) []funcRange {
	list := []funcRange{}
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if file == nil {
		return list
	}
	for _, d := range file.Decls {
		if decl, ok := d.(*ast.FuncDecl); ok {
			name := decl.Name.Name
			if decl.Recv != nil && len(decl.Recv.List) > 0 {
				name = receiverName(decl.Recv.List[0].Type) + "." + name
			}
			list = append(list, funcRange{
				name:  name,
				start: fset.PositionFor(decl.Pos(), false).Line,
				end:   fset.PositionFor(decl.End(), false).Line,
			})
		}
	}
	return list
}

// receiverName returns the name of a receiver's type.
func receiverName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.IndexListExpr:
		return receiverName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "_"
}

// position returns the line and column, in bytes from 1, of an offset.
func (s *Sources) position(file string, offset int) (line, column int) {
	text := s.file(file).text
	before := text[:min(max(offset, 0), len(text))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// utf16Column returns the column of a line in UTF-16 code units, as most
// programs outside of Go count.
func (s *Sources) utf16Column(file string, line, column int) int {
	text, ok := s.Line(file, line)
	if !ok || column < 1 {
		return max(1, column)
	}
	n := 1
	for _, r := range text[:min(column-1, len(text))] {
		n += utf16.RuneLen(r)
	}
	return n
}

// mark returns the part of a line that a place covers, as byte offsets. On
// lines between its first and its last the place covers all but the
// indentation.
func mark(text string, p Place, line int) (start, end int) {
	start = len(text) - len(strings.TrimLeft(text, " \t"))
	end = len(strings.TrimRight(text, " \t\r"))
	if line == p.Line {
		start = min(max(p.Column-1, 0), len(text))
	}
	if line == p.EndLine && (p.EndLine > p.Line || p.EndColumn > p.Column) {
		end = min(p.EndColumn-1, len(text))
	}
	if p.EndLine == p.Line && p.EndColumn <= p.Column {
		end = start // only the start is known
	}
	if end <= start {
		_, size := utf8.DecodeRuneInString(text[start:])
		end = start + size
	}
	return start, end
}
