package checktest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// ProveFixed shows that the fixes repair the fixtures below testdata/src of the
// folder root, and not only please the checks. It copies the fixtures into a module
// on disk, runs the drives of those that all findings can be fixed in, applies all
// fixes by
//
//	go vet -vettool=concurlint -fix ./...
//
// and runs them again: what was claimed must have come true before, and afterwards
// each drive must return, leak nothing and have printed what it printed before. A
// drive prints what the functions that it calls return.
//
// On the way the whole module must still compile and be gofmt-clean, a second -fix
// must change nothing, and no finding may be left that had a fix, nor have come with
// one.
//
// A drive counts as fixed if the functions that it reaches, by name and within the
// package, had findings and have none any more. ProveFixed returns their number.
func ProveFixed(t *testing.T, root string) int {
	t.Helper()
	skipShort(t)
	repo := moduleRoot(t)
	tool := filepath.Join(t.TempDir(), "concurlint")
	build := exec.Command("go", "build", "-o", tool, "./cmd/concurlint")
	build.Dir = repo
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	before, err := copyModule(repo, filepath.Join(root, "testdata", "src"), t.TempDir(), tool)
	if err == nil {
		err = before.showResults()
	}
	if err != nil {
		t.Fatal(err)
	}
	after, err := before.clone(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	applyAll(t, after)
	had, has := findingsOf(t, before), findingsOf(t, after)
	compareFindings(t, had, has)

	p := newModuleProver(t, before)
	drives, err := p.findDrives(before.dir)
	if err != nil {
		t.Fatal(err)
	}
	drives = slices.DeleteFunc(drives, func(d drive) bool {
		return d.claim.kind == "none" || !before.isRepaired(t, d, had, has)
	})
	if len(drives) > 0 {
		compareRuns(t, p, newModuleProver(t, after), drives)
	}
	return len(drives)
}

// newModuleProver returns a prover for the fixtures of a module.
func newModuleProver(t *testing.T, m module) prover {
	return prover{root: m.dir, prefix: modulePath + "/", tmp: t.TempDir(), timeout: 10 * time.Second, again: 2 * time.Second}
}

func findingsOf(t *testing.T, m module) []found {
	t.Helper()
	all, err := m.findings()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// applyAll applies all fixes, twice.
func applyAll(t *testing.T, m module) {
	t.Helper()
	var states [3]map[string]string
	for i := range states {
		if i > 0 {
			if err := m.fix(); err != nil {
				t.Fatal(err)
			}
		}
		texts, err := m.texts()
		if err != nil {
			t.Fatal(err)
		}
		states[i] = texts
	}
	for _, name := range sortedKeys(states[1]) {
		if states[1][name] != states[2][name] {
			t.Errorf("%s: a second -fix changes it: %s", name, firstDifference(states[2][name], states[1][name]))
		}
		if text := states[1][name]; strings.HasSuffix(name, ".go") && text != states[0][name] && !isFormatted([]byte(text)) && isFormatted([]byte(states[0][name])) {
			t.Errorf("%s: not gofmt-clean after -fix", name)
		}
	}
}

// compareFindings reports findings that should have gone or must not have come.
func compareFindings(t *testing.T, had, has []found) {
	t.Helper()
	key := func(f found) string { return f.pkg + ": " + withoutNumbers(f.message) }
	allowed := make(map[string]int)
	for _, f := range had {
		if !f.fixed {
			allowed[key(f)]++
		}
	}
	for _, f := range has {
		if f.fixed {
			t.Errorf("%s:%d: a fix is still offered: %s", f.file, f.line, f.message)
		}
		if allowed[key(f)]--; allowed[key(f)] < 0 {
			t.Errorf("%s:%d: the fixed code has: %s", f.file, f.line, f.message)
		}
	}
}

// isRepaired reports whether the functions of a drive had findings, and have none
// any more.
func (m module) isRepaired(t *testing.T, d drive, had, has []found) bool {
	t.Helper()
	dir := filepath.Join(m.dir, filepath.FromSlash(strings.TrimPrefix(d.pkg, modulePath+"/")))
	f, err := readFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	broken := make(map[string]bool) // functions with a finding; true if it stays
	for _, x := range had {
		if x.pkg == d.pkg {
			name := f.enclosing(x.file, x.line)
			broken[name] = broken[name] || !x.fixed
		}
	}
	repaired := false
	for name := range reachable(f.calls(), d.calls) {
		stays, was := broken[name]
		if stays {
			return false
		}
		repaired = repaired || was
	}
	return repaired
}

// compareRuns runs the drives before and after the fixes.
func compareRuns(t *testing.T, before, after prover, drives []drive) {
	t.Helper()
	after.again = 500 * time.Millisecond // without a crash to end it
	type pair struct{ before, after string }
	binaries := make(map[bool]pair)
	for _, d := range drives {
		if _, ok := binaries[d.race]; ok || d.race && !canRace() {
			continue
		}
		var b pair
		var err error
		if b.before, err = before.build(drives, d.race); err == nil {
			b.after, err = after.build(drives, d.race)
		}
		if err != nil {
			t.Fatal(err)
		}
		binaries[d.race] = b
	}
	var (
		mu       sync.Mutex
		compared int
		g        errgroup.Group
	)
	g.SetLimit(24) // most of the time the drives wait
	for _, d := range drives {
		b, ok := binaries[d.race]
		if !ok {
			t.Logf("%s/%s: the race detector needs cgo and a C compiler", d.pkg, d.name)
			continue
		}
		g.Go(func() error {
			said, err := before.compareRun(after, b.before, b.after, d)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("%s: %v", d.pos, err)
			}
			if said {
				compared++
			}
			return nil
		})
	}
	_ = g.Wait()
	t.Logf("%d drives; of %d the output before and after is compared", len(drives), compared)
}

// compareRun runs a drive before and after the fixes. It reports whether the drive
// printed something.
func (p prover) compareRun(fixed prover, before, after string, d drive) (said bool, err error) {
	repaired := d
	repaired.claim = claim{kind: "none"}
	if d.claim.kind == "flood" {
		repaired.claim = claim{"calm", d.claim.arg}
	}
	var then, now string
	for range attempts { // the order of results may be up to the scheduler
		if then, err = p.proveAtLeastOnce(before, d); err != nil {
			return false, fmt.Errorf("before the fixes: claim %q: %v", d.claim, err)
		}
		if now, err = fixed.proveAtLeastOnce(after, repaired); err != nil {
			return false, fmt.Errorf("after the fixes: %v", err)
		}
		if d.repeat || d.watched() {
			return false, nil // what is printed depends on how often, or how far, it ran
		}
		if sameOutput(then, now) {
			return shown(then) != "", nil
		}
	}
	return true, fmt.Errorf("output before the fixes:\n%s\nand after:\n%s", shown(then), shown(now))
}

// shown returns the part of a drive's output that it printed itself.
func shown(output string) string {
	output, _, _ = strings.Cut(output, "proof: returned")
	var lines []string
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "proof: ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// sameOutput reports whether a drive printed the same, in any order. One that did
// not return has printed less.
func sameOutput(before, after string) bool {
	then, now := shown(before), shown(after)
	if !strings.Contains(before, "proof: returned") {
		return strings.HasPrefix(now, then)
	}
	words := func(s string) []string { return slices.Sorted(strings.FieldsSeq(s)) }
	return slices.Equal(words(then), words(now))
}

// showResults makes the drives of a module print what the functions return that
// they call as statements.
func (m module) showResults() error {
	proofs, err := filepath.Glob(filepath.Join(m.dir, "*", "*", "proof.go"))
	if err != nil {
		return err
	}
	for _, path := range proofs {
		f, err := readFolder(filepath.Dir(path))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		shown := showing(file, text, f.returning())
		name := file.Name.Name
		dir := filepath.Dir(path)
		if err := os.WriteFile(path, shown, 0o666); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "proof_show.go"), []byte(fmt.Sprintf(showText, name)), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// showing returns the text of a file with calls of the named functions, as
// statements, put into a call of proofShow.
func showing(file *ast.File, text []byte, names []string) []byte {
	var edits []fileEdit
	for n := range ast.Preorder(file) {
		stmt, ok := n.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call, ok := stmt.X.(*ast.CallExpr)
		if !ok || !slices.Contains(names, calledName(call)) {
			continue
		}
		start, end := int(stmt.Pos()-file.FileStart), int(stmt.End()-file.FileStart)
		edits = append(edits, fileEdit{start, start, "proofShow("}, fileEdit{end, end, ")"})
	}
	slices.SortStableFunc(edits, func(x, y fileEdit) int { return x.start - y.start })
	return apply(text, edits)
}

// calledName returns the name of the function or method that a call names.
func calledName(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.IndexExpr:
		return calledName(&ast.CallExpr{Fun: fun.X})
	}
	return ""
}

// showText prints results as far as they are plain data.
const showText = `//go:build proof

package %s

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

func proofShow(results ...any) {
	var all []string
	for _, r := range results {
		if err, ok := r.(error); ok {
			all = append(all, err.Error())
		} else if _, ok := r.(time.Duration); !ok && proofIsData(reflect.TypeOf(r), 0) {
			all = append(all, fmt.Sprint(r))
		}
	}
	fmt.Println("proof:", strings.ReplaceAll(strings.Join(all, " "), "\n", " "))
}

func proofIsData(t reflect.Type, depth int) bool {
	if t == nil || depth > 4 {
		return t == nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return proofIsData(t.Elem(), depth+1)
	case reflect.Map:
		return proofIsData(t.Key(), depth+1) && proofIsData(t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			if !proofIsData(t.Field(i).Type, depth+1) {
				return false
			}
		}
		return t.PkgPath() != "time"
	case reflect.Chan, reflect.Func, reflect.Pointer, reflect.UnsafePointer, reflect.Interface:
		return t.Implements(reflect.TypeFor[error]())
	}
	return true
}
`
