package checktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A module is a copy of fixtures as an ordinary module on disk, on which the real
// command is run.
type module struct {
	dir  string
	tool string // the command, for go vet -vettool
}

// modulePath is the path of such a module.
const modulePath = "fixtures"

// copyModule copies the fixtures of all packages below src that are named bad* or
// fix* into a module, and beside it the packages below across that these import. It
// takes the requirements of the repository's module.
func copyModule(root, src, dir, tool string) (module, error) {
	m := module{dir, tool}
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return m, err
	}
	gosum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return m, err
	}
	gomod = moduleLine.ReplaceAll(gomod, []byte("module "+modulePath))
	gomod = append(gomod, "\nrequire across v0.0.0\nreplace across => ./across\n"...)
	if err := m.write("across/go.mod", []byte("module across\n\ngo 1.26.0\n")); err != nil {
		return m, err
	}
	if err := errors.Join(m.write("go.mod", gomod), m.write("go.sum", gosum)); err != nil {
		return m, err
	}
	return m, filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		folder := filepath.Base(filepath.Dir(path))
		library := filepath.Base(filepath.Dir(filepath.Dir(path))) == "across"
		if !library && !strings.HasPrefix(folder, "bad") && !strings.HasPrefix(folder, "fix") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(src, path)
		if err != nil {
			return err
		}
		return m.write(rel, text)
	})
}

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

func (m module) write(rel string, text []byte) error {
	path := filepath.Join(m.dir, rel)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// clone copies the module.
func (m module) clone(dir string) (module, error) {
	return module{dir, m.tool}, os.CopyFS(dir, os.DirFS(m.dir))
}

// texts returns the files of the module.
func (m module) texts() (map[string]string, error) {
	texts := make(map[string]string)
	err := filepath.WalkDir(m.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, m.dir)] = string(text)
		return err
	})
	return texts, err
}

// vet runs go vet with the command and returns what it prints.
func (m module) vet(flags ...string) ([]byte, error) {
	cmd := exec.Command("go", append(append([]string{"vet", "-vettool=" + m.tool}, flags...), "./...")...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "PWD="+m.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go vet %s: %v\n%s", strings.Join(flags, " "), err, &stderr)
	}
	return out, nil
}

// fix applies all fixes, as a user does.
func (m module) fix() error {
	_, err := m.vet("-fix")
	return err
}

// A found is a finding as go vet -json has it.
type found struct {
	pkg, check string
	file       string
	line       int
	message    string
	fixed      bool // a fix is offered
}

// findings returns what the command finds in the module.
func (m module) findings() ([]found, error) {
	out, err := m.vet("-json")
	if err != nil {
		return nil, err
	}
	var all []found
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var tree map[string]map[string]json.RawMessage // unit → analyzer → diagnostics
		if err := dec.Decode(&tree); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		for pkg, checks := range tree {
			for check, text := range checks {
				var diagnostics []struct {
					Posn, Message string
					Fixes         []json.RawMessage `json:"suggested_fixes"`
				}
				if err := json.Unmarshal(text, &diagnostics); err != nil {
					return nil, fmt.Errorf("%s: %s", pkg, text)
				}
				for _, d := range diagnostics {
					file, line, err := parsePosn(d.Posn)
					if err != nil {
						return nil, err
					}
					all = append(all, found{pkg, check, file, line, d.Message, len(d.Fixes) > 0})
				}
			}
		}
	}
}

// parsePosn parses a position, "file:line:column".
func parsePosn(posn string) (file string, line int, err error) {
	parts := strings.Split(posn, ":")
	if len(parts) < 3 {
		return "", 0, fmt.Errorf("position %q", posn)
	}
	line, err = strconv.Atoi(parts[len(parts)-2])
	return strings.Join(parts[:len(parts)-2], ":"), line, err
}

// A folder is the syntax of a package's files, without its drives.
type folder struct {
	fset  *token.FileSet
	files []*ast.File
}

func readFolder(dir string) (folder, error) {
	f := folder{fset: token.NewFileSet()}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return f, err
	}
	for _, name := range names {
		if filepath.Base(name) == "proof.go" {
			continue
		}
		file, err := parser.ParseFile(f.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return f, err
		}
		f.files = append(f.files, file)
	}
	return f, nil
}

// decls returns the functions and methods of the package.
func (f folder) decls() []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, file := range f.files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				all = append(all, fn)
			}
		}
	}
	return all
}

// enclosing returns the name of the function at a line of a file.
func (f folder) enclosing(file string, line int) string {
	for _, fn := range f.decls() {
		from, to := f.fset.Position(fn.Pos()), f.fset.Position(fn.End())
		if filepath.Base(from.Filename) == filepath.Base(file) && from.Line <= line && line <= to.Line {
			return fn.Name.Name
		}
	}
	return ""
}

// calls returns, for each function or method, the names that it mentions.
func (f folder) calls() map[string][]string {
	calls := make(map[string][]string)
	for _, fn := range f.decls() {
		calls[fn.Name.Name] = append(calls[fn.Name.Name], identifiers(fn)...)
	}
	return calls
}

// returning returns the names of functions all of which have results.
func (f folder) returning() []string {
	has := make(map[string]bool)
	for _, fn := range f.decls() {
		some := fn.Type.Results != nil && len(fn.Type.Results.List) > 0
		if old, ok := has[fn.Name.Name]; !ok || old {
			has[fn.Name.Name] = some
		}
	}
	return slices.DeleteFunc(sortedKeys(has), func(name string) bool { return !has[name] })
}
