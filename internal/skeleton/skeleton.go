// Package skeleton carries knowledge of functions from one package to another.
//
// # What a skeleton is
//
// The skeleton of a function is what remains of its source when everything is
// taken away that does not touch concurrency: channel operations, locks,
// WaitGroups, goroutines, the branches between them, and the values that these
// need. What was taken away and is asked for, the result of a computation, is an
// unknown value. Of
//
//	func (s *Store) Close() error {
//		s.log.Printf("closing %d files", len(s.files))
//		close(s.quit)
//		s.wg.Wait()
//		return s.flush(s.dir)
//	}
//
// there is left
//
//	(s *Store) error { close(s.quit); s.wg.Wait(); return _u[error]() }
//
// It is Go. A package's skeletons are its fact, as text; whoever imports the
// package parses and type-checks those that it calls ([Link]), has SSA built of
// them, and from there on a call into another package is entered like one of the
// same package. No layer above needs a second notion of what a function does.
//
// # What a fact says
//
// A function that the fact does not name touches and keeps nothing of what it is
// given. One that is named without a skeleton may do anything. Of a package
// without a fact, all functions may. The standard library has none: what is to be
// known of it is the table in package api.
//
// # Staying on the safe side
//
// A skeleton may leave out nothing that helps an operation to proceed: what cannot
// be expressed makes the function one that may do anything, and objects that go
// where the text does not follow are handed to _u or _keep, functions that nobody
// can look into. If the text does not type-check where it is used, for example
// since export data lack an unexported type, that function may do anything as well.
package skeleton

import (
	"fmt"
	"go/types"
	"sort"
	"strings"
)

// A Fact holds the skeletons of one package. It is an analysis fact of the package,
// encoded with gob; the same source gives the same bytes.
type Fact struct {
	// Imports are the packages that the skeletons mention, by the name that they
	// use, sorted.
	Imports []Import

	// Funcs are sorted by name.
	Funcs []Func
}

// An Import is a package that skeletons mention.
type Import struct{ Name, Path string }

// A Func is what is known of one function.
type Func struct {
	// Name is that of a function, or "Type.Method".
	Name string

	// Text is the type parameters, the parameters, of which the receiver is the first, the
	// results, and the body. Line breaks are those of the source, so that lines count
	// from the one of the declaration. Without a body the function may do
	// anything, and Text is only there, for a function, if another skeleton calls it.
	Text string

	// Acts: it operates on a primitive, starts a goroutine, or never returns; it does
	// not just hand on what it is given.
	Acts bool

	// Calls are the indexes of the functions of the package that the body names.
	Calls []int
}

// AFact marks the type as a fact.
func (*Fact) AFact() {}

// String summarises the fact.
func (f *Fact) String() string {
	known := 0
	for _, fn := range f.Funcs {
		if fn.Known() {
			known++
		}
	}
	return fmt.Sprintf("%d skeletons, %d unknown", known, len(f.Funcs)-known)
}

// Known reports whether the function has a skeleton.
func (f *Func) Known() bool { return strings.HasSuffix(f.Text, "}") }

// Lookup returns what the fact says of a function, and its index; nil if it
// touches nothing.
func (f *Fact) Lookup(name string) (*Func, int) {
	i := sort.Search(len(f.Funcs), func(i int) bool { return f.Funcs[i].Name >= name })
	if i < len(f.Funcs) && f.Funcs[i].Name == name {
		return &f.Funcs[i], i
	}
	return nil, -1
}

// NameOf returns the name of a declared function or method in a Fact. It returns ""
// for methods of interfaces and of types without a name.
func NameOf(fn *types.Func) string {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return fn.Name()
	}
	t := types.Unalias(sig.Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || types.IsInterface(n) {
		return ""
	}
	return n.Obj().Name() + "." + fn.Name()
}

// Names of the functions that stand for what was taken away.
const (
	unknownName = "_u"    // func _u[T any](...any) T: an unknown value
	keepName    = "_keep" // func _keep(...any): may do anything with its arguments
	errName     = "_err"  // func _err() error: an error that is not nil
)
