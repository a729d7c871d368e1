package adopt

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A place is a directory as the go command sees it.
type place struct {
	dir  string        // absolute, without symbolic links
	path string        // the import path
	root string        // of the module
	mod  *modfile.File // its go.mod
}

// locate returns the place of a directory, which need not exist.
func locate(dir string) (*place, error) {
	real, err := realPath(dir)
	if err != nil {
		return nil, err
	}
	root, ok := moduleRoot(real)
	if !ok {
		return nil, fmt.Errorf("%s is outside a module: there is no go.mod in it or above, and so its test could not import it", dir)
	}
	p := &place{dir: real, root: root}
	if p.mod, err = readModule(filepath.Join(root, "go.mod")); err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, real)
	if err != nil {
		return nil, err
	}
	p.path = path.Join(p.mod.Module.Mod.Path, filepath.ToSlash(rel))
	if err := module.CheckImportPath(p.path); err != nil {
		var invalid *module.InvalidPathError
		if errors.As(err, &invalid) {
			err = invalid.Err
		}
		return nil, fmt.Errorf("%s: nothing can import %q: %v", dir, p.path, err)
	}
	if slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), "vendor") {
		return nil, fmt.Errorf("%s is in a vendor directory, whose contents belong to the go command", dir)
	}
	return p, nil
}

// realPath returns the absolute path without symbolic links, as packages are
// found by it. What does not exist yet is taken as it is.
func realPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for exists := abs; ; exists = filepath.Dir(exists) {
		real, err := filepath.EvalSymlinks(exists)
		if err == nil {
			return filepath.Join(real, strings.TrimPrefix(abs, exists)), nil
		}
		if filepath.Dir(exists) == exists {
			return "", err
		}
	}
}

// moduleRoot returns the nearest directory upward that has a go.mod.
func moduleRoot(dir string) (root string, ok bool) {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// readModule reads a go.mod, and takes no offence at what only other releases of
// the go command understand.
func readModule(name string) (*modfile.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	mod, err := modfile.ParseLax(name, data, nil)
	if err != nil {
		return nil, err
	}
	if mod.Module == nil {
		return nil, fmt.Errorf("%s names no module", name)
	}
	return mod, nil
}

// requires reports whether packages of the other module can be imported.
func (p *place) requires(other string) bool {
	return p.mod.Module.Mod.Path == other || slices.ContainsFunc(p.mod.Require, func(r *modfile.Require) bool {
		return r.Mod.Path == other
	})
}

// release returns the Go release whose language and library the module uses.
func (p *place) release() string {
	if p.mod.Go == nil {
		return "1.16" // what the go command takes it for
	}
	return p.mod.Go.Version
}

// command returns a command line of the go command for the module. It says in
// which directory if that is another module's.
func (p *place) command(verb, arg string) string {
	if wd, err := realPath("."); err == nil {
		if root, _ := moduleRoot(wd); root == p.root {
			return "go " + verb + " " + arg
		}
	}
	root := p.root
	if strings.ContainsAny(root, " \t\"'$`\\") {
		root = "'" + strings.ReplaceAll(root, "'", `'\''`) + "'"
	}
	return "go " + verb + " -C " + root + " " + arg
}
