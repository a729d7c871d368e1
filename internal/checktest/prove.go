package checktest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Prove runs the fixtures below dir that have a file proof.go. With the build
// tag proof, that file holds functions that drive the fixture's code, each with
// a claim in its comment of what the Go runtime will do:
//
//	//go:build proof
//
//	// claim: leak Merge
//	func driveMerge() { Merge(two()) }
//
// The claims are
//
//	leak FUNC        a goroutine whose stack contains FUNC of the fixture is leaked;
//	                 FUNC may be a type, for its methods, or TYPE.METHOD, and stands
//	                 behind the import path if it is of another package
//	deadlock         the drive never returns, blocked in a function with a want comment
//	deadlock FUNC    the drive never returns, with a goroutine blocked in FUNC
//	panic TEXT       the process panics, or ends with a fatal error, that contains TEXT
//	spin FUNC        a goroutine with FUNC in its stack goes on and on, without waiting
//	flood FUNC       more than floods goroutines with FUNC in their stack are alive at once
//	race             the race detector reports a race
//	none             the drive returns, and no goroutine is leaked
//
// A claim that does not come true fails the test. Each drive runs in a process
// of its own; whether a goroutine is leaked, the runtime's goroutineleak
// profile decides. Drives for panic and race run several times in the process,
// since they may depend on scheduling.
func Prove(t *testing.T, dir string) {
	t.Helper()
	skipShort(t)
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	i := strings.LastIndex(filepath.ToSlash(dir), "/src/")
	if i < 0 {
		t.Fatalf("%s is not below the src folder of fixtures", dir)
	}
	p := newProver(t, dir[:i])
	drives, err := p.findDrives(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(drives) == 0 {
		t.Fatalf("no drives in %s", dir)
	}
	p.proveAll(t, drives)
}

func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("proofs build and run programs: skipped with -short")
	}
}

// newProver returns a prover for the fixtures of a GOPATH.
func newProver(t *testing.T, gopath string) prover {
	return prover{
		root: filepath.Join(gopath, "src"), tmp: t.TempDir(), timeout: 10 * time.Second, again: 2 * time.Second,
		env: []string{"GOPATH=" + gopath, "GO111MODULE=off"},
	}
}

// proveAll proves each drive in a subtest.
func (p prover) proveAll(t *testing.T, drives []drive) {
	t.Helper()
	binaries := make(map[bool]string) // with the race detector or without
	for _, d := range drives {
		if _, ok := binaries[d.race]; ok || d.race && !canRace() {
			continue
		}
		binary, err := p.build(drives, d.race)
		if err != nil {
			t.Fatal(err)
		}
		binaries[d.race] = binary
	}
	for _, d := range drives {
		t.Run(d.pkg+"/"+d.name, func(t *testing.T) {
			t.Parallel()
			binary, ok := binaries[d.race]
			if !ok {
				t.Skip("the race detector needs cgo and a C compiler")
			}
			if _, err := p.proveAtLeastOnce(binary, d); err != nil {
				t.Errorf("%s: claim %q: %v", d.pos, d.claim, err)
			}
		})
	}
}

// attempts is how often a claim may fail to come true. What depends on the
// scheduler or on a time-out in the drive fails now and then on a loaded
// machine; what is wrong fails each time.
const attempts = 4

// proveAtLeastOnce returns what the drive printed, and why its claim never came
// true.
func (p prover) proveAtLeastOnce(binary string, d drive) (output string, err error) {
	for range attempts {
		if output, err = p.prove(binary, d); err == nil {
			break
		}
	}
	return output, err
}

// A drive is a function of a proof.go file and what it claims.
type drive struct {
	pkg   string // import path of the fixture
	name  string // of the function
	pos   token.Position
	claim claim

	calls  []string // the names that it mentions, itself or in functions of proof.go
	race   bool     // runs under the race detector
	repeat bool     // runs several times, since once may not show what is claimed

	// marked holds the functions of the fixture with a want comment.
	marked map[string]bool
}

// A claim is what a drive's comment says will happen.
type claim struct {
	kind string // leak, deadlock, panic, spin, flood, race or none; calm is the end of a flood
	arg  string
}

func (c claim) String() string { return strings.TrimSpace(c.kind + " " + c.arg) }

// parseClaim returns the claim in a drive's comment.
func parseClaim(doc string) (claim, error) {
	for line := range strings.SplitSeq(doc, "\n") {
		text, ok := strings.CutPrefix(line, "claim:")
		if !ok {
			continue
		}
		kind, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
		c := claim{kind, strings.TrimSpace(arg)}
		switch kind {
		case "leak", "panic", "spin", "flood":
			if c.arg == "" {
				return c, fmt.Errorf("claim %q says not which", kind)
			}
			return c, nil
		case "race", "none":
			if c.arg != "" {
				return c, fmt.Errorf("claim %q with argument %q", kind, c.arg)
			}
			return c, nil
		case "deadlock":
			return c, nil
		}
		return c, fmt.Errorf("unknown claim %q", kind)
	}
	return claim{}, errors.New("no claim")
}

// findDrives returns the drives of all proof.go files below dir.
func (p prover) findDrives(dir string) ([]drive, error) {
	var drives []drive
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "proof.go" {
			return err
		}
		found, err := p.readProof(path)
		drives = append(drives, found...)
		return err
	})
	return drives, err
}

// readProof returns the drives of a proof.go file.
func (p prover) readProof(path string) ([]drive, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(p.root, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	marked, err := markedFuncs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	mentions := make(map[string][]string) // by function of the file
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			mentions[fn.Name.Name] = identifiers(fn)
		}
	}
	var drives []drive
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "drive") || fn.Recv != nil {
			continue
		}
		at := fset.Position(fn.Pos())
		c, err := parseClaim(fn.Doc.Text())
		if err != nil {
			return nil, fmt.Errorf("%s: %v", at, err)
		}
		var calls []string
		for name := range reachable(mentions, []string{fn.Name.Name}) {
			calls = append(calls, mentions[name]...)
		}
		drives = append(drives, drive{
			pkg: p.prefix + filepath.ToSlash(rel), name: fn.Name.Name, pos: at, claim: c, marked: marked,
			calls: calls,
			race:  c.kind == "race", repeat: c.kind == "panic" || c.kind == "race",
		})
	}
	return drives, nil
}

// markedFuncs returns the names of the functions of a package that contain a
// want comment.
func markedFuncs(dir string) (map[string]bool, error) {
	marked := make(map[string]bool)
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			for _, group := range file.Comments {
				if ok && fn.Pos() <= group.Pos() && group.Pos() <= fn.End() && want.MatchString(group.List[0].Text) {
					marked[fn.Name.Name] = true
				}
			}
		}
	}
	return marked, nil
}

// identifiers returns the names that occur in a node.
func identifiers(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// reachable returns the functions that can be reached from some by name.
func reachable(calls map[string][]string, from []string) map[string]bool {
	seen := make(map[string]bool)
	for len(from) > 0 {
		name := from[0]
		from = from[1:]
		if _, isFunc := calls[name]; isFunc && !seen[name] {
			seen[name] = true
			from = append(from, calls[name]...)
		}
	}
	return seen
}
