package goker

import (
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A Unit is a package to analyse, and the entries in one of its files.
type Unit struct {
	Dir     string // the collection's folder
	File    string // relative to it
	Support string // another file of the package, in the same folder, or empty
	Entries []Entry
}

// Units groups entries by file, in the order of the first entry of each.
func Units(dir, support string, entries []Entry) []*Unit {
	var units []*Unit
	byFile := make(map[string]*Unit)
	for _, e := range entries {
		u := byFile[e.File]
		if u == nil {
			u = &Unit{Dir: dir, File: e.File, Support: support}
			byFile[e.File] = u
			units = append(units, u)
		}
		u.Entries = append(u.Entries, e)
	}
	return units
}

// Path returns the name of the unit's file.
func (u *Unit) Path() string { return filepath.Join(u.Dir, filepath.FromSlash(u.File)) }

// Files returns the names of all files of the package.
func (u *Unit) Files() []string {
	if u.Support == "" {
		return []string{u.Path()}
	}
	return []string{u.Path(), filepath.Join(filepath.Dir(u.Path()), u.Support)}
}

// PkgPath returns an import path for the unit's package.
func (u *Unit) PkgPath() string {
	return strings.TrimSuffix(u.File, ".go")
}

// Parts returns the entries with the lines of the package that belong to them: if
// there are several, those of the function that starts the entry, which has its
// name, and of all that this function needs.
func (u *Unit) Parts(pkg *packages.Package) []Part {
	parts := make([]Part, len(u.Entries))
	d := newDecls(pkg)
	for i, e := range u.Entries {
		parts[i].Entry = e
		if len(u.Entries) > 1 {
			parts[i].lines = d.lines(d.closure(pkg.Types.Scope().Lookup(e.Name())), u.Path())
		}
	}
	return parts
}

// A Part is an entry and the part of a file that it is about.
type Part struct {
	Entry
	lines map[int]bool // nil means all
}

// Holds reports whether the line of the unit's file belongs to the entry.
func (p Part) Holds(line int) bool { return p.lines == nil || p.lines[line] }
