package checktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
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
	gopath := dir[:i]
	drives, err := findDrives(gopath, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(drives) == 0 {
		t.Fatalf("no drives in %s", dir)
	}
	newProver(t, gopath).proveAll(t, drives)
}

func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("proofs build and run programs: skipped with -short")
	}
}

func newProver(t *testing.T, gopath string) prover {
	return prover{gopath: gopath, tmp: t.TempDir(), timeout: 10 * time.Second}
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
			if err := p.proveAtLeastOnce(binary, d); err != nil {
				t.Errorf("%s: claim %q: %v", d.pos, d.claim, err)
			}
		})
	}
}

// attempts is how often a claim may fail to come true. What depends on the
// scheduler or on a time-out in the drive fails now and then on a loaded
// machine; what is wrong fails each time.
const attempts = 4

// proveAtLeastOnce reports why a claim never came true.
func (p prover) proveAtLeastOnce(binary string, d drive) (err error) {
	for range attempts {
		if err = p.prove(binary, d); err == nil {
			return nil
		}
	}
	return err
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
	kind string // leak, deadlock, panic, spin, race or none
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
		case "leak", "panic", "spin":
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
func findDrives(gopath, dir string) ([]drive, error) {
	var drives []drive
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "proof.go" {
			return err
		}
		found, err := readProof(gopath, path)
		drives = append(drives, found...)
		return err
	})
	return drives, err
}

// readProof returns the drives of a proof.go file.
func readProof(gopath, path string) ([]drive, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(filepath.Join(gopath, "src"), filepath.Dir(path))
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
			pkg: filepath.ToSlash(rel), name: fn.Name.Name, pos: at, claim: c, marked: marked,
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

// A prover builds and runs drives.
type prover struct {
	gopath  string
	tmp     string
	timeout time.Duration
	fixed   map[string][]byte // other texts for files of the fixtures
}

// The generated files are not written into the fixtures: an overlay shows them
// to the go command. One gives the drives of a package an exported name.
const entryText = `//go:build proof

package %s

var Drives = map[string]func(){
%s}
`

const mainText = `package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

%s)

var drives = map[string]map[string]func(){
%s}

// main runs a drive: in the main goroutine, so that the runtime notices when
// all goroutines block.
func main() {
	testing.Init() // for fixtures that get a testing.TB from testing.Benchmark
	drive := drives[os.Args[1]][os.Args[2]]
	if os.Args[3] == "watch" {
		watch(drive)
		return
	}
	if os.Args[3] == "again" {
		for start := time.Now(); time.Since(start) < 2*time.Second; {
			drive()
		}
	} else {
		drive()
	}
	fmt.Println("proof: returned")

	// Goroutines that are about to end, or to block, get time to do so.
	for wait := time.Millisecond; wait < time.Second; wait *= 2 {
		time.Sleep(wait)
		if runtime.NumGoroutine() == 1 {
			return
		}
		var buf bytes.Buffer
		if prof := pprof.Lookup("goroutineleak"); prof != nil {
			prof.WriteTo(&buf, 2)
		}
		if strings.Contains(buf.String(), "(leaked)") && wait > 100*time.Millisecond {
			fmt.Println(buf.String())
			return
		}
	}
}
`

// watchText is the rest of the program: it runs a drive beside itself and looks
// several times what the goroutines do. A goroutine that runs is stopped for that.
const watchText = `
func watch(drive func()) {
	go drive()
	for range %d {
		time.Sleep(100 * time.Millisecond)
		buf := make([]byte, 1<<20)
		fmt.Printf("proof: looked\n\n%%s\n\n", buf[:runtime.Stack(buf, true)])
	}
}
`

// looks is how often a goroutine has to be found running to count as spinning.
const looks = 5

// build builds a program that can run each of the drives.
func (p prover) build(drives []drive, race bool) (binary string, err error) {
	overlay := make(map[string]string)
	add := func(path, text string) {
		real := filepath.Join(p.tmp, fmt.Sprintf("file%d.go", len(overlay)))
		if e := os.WriteFile(real, []byte(text), 0o600); e != nil {
			err = e
		}
		overlay[path] = real
	}
	for path, text := range p.fixed {
		add(path, string(text))
	}
	byPackage := make(map[string][]drive)
	for _, d := range drives {
		byPackage[d.pkg] = append(byPackage[d.pkg], d)
	}
	var imports, table strings.Builder
	for i, pkg := range sortedKeys(byPackage) {
		var entries strings.Builder
		for _, d := range byPackage[pkg] {
			fmt.Fprintf(&entries, "\t%q: %s,\n", d.name, d.name)
		}
		name, e := packageName(byPackage[pkg][0].pos.Filename)
		if e != nil {
			return "", e
		}
		add(filepath.Join(p.gopath, "src", filepath.FromSlash(pkg), "proof_drives.go"), fmt.Sprintf(entryText, name, entries.String()))
		fmt.Fprintf(&imports, "\tp%d %q\n", i, pkg)
		fmt.Fprintf(&table, "\t%q: p%d.Drives,\n", pkg, i)
	}
	add(filepath.Join(p.gopath, "src", "concurlintproof", "main.go"), fmt.Sprintf(mainText, imports.String(), table.String())+fmt.Sprintf(watchText, looks))
	list, e := json.Marshal(map[string]any{"Replace": overlay})
	if err = errors.Join(err, e); err != nil {
		return "", err
	}
	overlayFile := filepath.Join(p.tmp, "overlay.json")
	if err := os.WriteFile(overlayFile, list, 0o600); err != nil {
		return "", err
	}

	binary = filepath.Join(p.tmp, "proof")
	args := []string{"build", "-tags=proof", "-overlay=" + overlayFile}
	env := append(os.Environ(), "GOPATH="+p.gopath, "GO111MODULE=off", "GOWORK=off", "GOFLAGS=")
	if race {
		binary += "-race"
		args = append(args, "-race")
		env = append(env, "CGO_ENABLED=1")
	} else {
		env = append(env, "GOEXPERIMENT=goroutineleakprofile")
	}
	cmd := exec.Command("go", append(args, "-o", binary, "concurlintproof")...)
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the fixtures do not build: %v\n%s", err, out)
	}
	return binary, nil
}

// packageName returns the name in a file's package clause.
func packageName(file string) (string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
	if err != nil {
		return "", err
	}
	return f.Name.Name, nil
}

// canRace reports whether programs can be built with the race detector.
func canRace() bool {
	_, gcc := exec.LookPath("gcc")
	_, clang := exec.LookPath("clang")
	return gcc == nil || clang == nil
}

// prove runs a drive and returns why its claim is not true.
func (p prover) prove(binary string, d drive) error {
	mode := "once"
	switch {
	case d.repeat:
		mode = "again"
	case d.claim.kind == "spin":
		mode = "watch"
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, d.pkg, d.name, mode)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1", "GOTRACEBACK=all")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // for the stacks
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if why := judge(d, outcome{out.String(), err != nil, ctx.Err() != nil}); why != "" {
		return fmt.Errorf("%s\n%s", why, out.String())
	}
	return nil
}

// An outcome is how the process of a drive ended.
type outcome struct {
	output   string
	failed   bool // exit status other than 0
	timedOut bool
}

// judge returns why the outcome does not prove the drive's claim, or "".
func judge(d drive, o outcome) string {
	returned := strings.Contains(o.output, "proof: returned")
	leaks := leaked(o.output)
	switch d.claim.kind {
	case "none":
		switch {
		case o.timedOut && !returned:
			return "the drive does not return"
		case o.failed:
			return "the process fails"
		case len(leaks) > 0:
			return "a goroutine is leaked"
		}
	case "leak":
		switch {
		case !returned:
			return "the drive does not return"
		case !slices.ContainsFunc(leaks, func(s string) bool { return inFunc(s, d.pkg, d.claim.arg) }):
			return "no goroutine in " + d.claim.arg + " is leaked"
		}
	case "deadlock":
		switch {
		case returned:
			return "the drive returns"
		case !o.timedOut && !strings.Contains(o.output, "all goroutines are asleep - deadlock!"):
			return "the process ends without deadlock"
		case !blockedAsClaimed(d, o.output):
			return "no goroutine is blocked in a function that is marked or named"
		}
	case "panic":
		if !o.failed || !panicked(o.output, d.claim.arg) {
			return "no such panic"
		}
	case "spin":
		if !spins(d, o.output) {
			return "no goroutine in " + d.claim.arg + " runs all the time"
		}
	case "race":
		if !strings.Contains(o.output, "WARNING: DATA RACE") {
			return "no race"
		}
	}
	return ""
}

// stacks returns the goroutines of a traceback.
func stacks(output string) []string {
	var all []string
	for _, s := range strings.Split(output, "\n\n") {
		if i := strings.Index(s, "goroutine "); i >= 0 {
			all = append(all, s[i:])
		}
	}
	return all
}

// leaked returns the goroutines that the runtime says are leaked.
func leaked(output string) []string {
	return slices.DeleteFunc(stacks(output), func(s string) bool {
		header, _, _ := strings.Cut(s, "\n")
		return !strings.Contains(header, "(leaked)")
	})
}

// inFunc reports whether a stack has a frame of the fixture's function, of a
// closure in it, or of a method of the type with that name. The line "created
// by" is no frame.
func inFunc(stack, pkg, name string) bool {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		other, rest, _ := strings.Cut(name[i:], ".")
		pkg, name = name[:i]+other, rest
	}
	stack, _, _ = strings.Cut(stack, "\ncreated by ")
	for line := range strings.SplitSeq(stack, "\n") {
		symbol, ok := strings.CutPrefix(line, pkg+".")
		if i := strings.LastIndexByte(symbol, '('); ok && i >= 0 {
			symbol = decoration.ReplaceAllString(symbol[:i], "")
			if strings.Contains("."+symbol+".", "."+name+".") {
				return true
			}
		}
	}
	return false
}

// decoration is what a traceback adds to names: pointers and type arguments.
var decoration = regexp.MustCompile(`\[[^\]]*\]|[(*)]`)

// blockedAsClaimed reports whether a goroutine is blocked in the function that
// the claim names, or in one with a want comment.
func blockedAsClaimed(d drive, output string) bool {
	names := []string{d.claim.arg}
	if d.claim.arg == "" {
		names = sortedKeys(d.marked)
	}
	return slices.ContainsFunc(stacks(output), func(s string) bool {
		return !isRunning(s) && slices.ContainsFunc(names, func(name string) bool { return inFunc(s, d.pkg, name) })
	})
}

// isRunning reports whether the goroutine of a stack runs or is about to.
func isRunning(stack string) bool {
	header, _, _ := strings.Cut(stack, "\n")
	return strings.Contains(header, "[running") || strings.Contains(header, "[runnable")
}

// spins reports whether a goroutine in the function that the claim names was
// running at each look.
func spins(d drive, output string) bool {
	all := strings.Split(output, "proof: looked")[1:]
	for _, look := range all {
		if !slices.ContainsFunc(stacks(look), func(s string) bool {
			return isRunning(s) && inFunc(s, d.pkg, d.claim.arg)
		}) {
			return false
		}
	}
	return len(all) == looks
}

// panicked reports whether a panic or fatal error with the text ended the
// process.
func panicked(output, text string) bool {
	for line := range strings.SplitSeq(output, "\n") {
		message, isPanic := strings.CutPrefix(line, "panic: ")
		if !isPanic {
			message, isPanic = strings.CutPrefix(line, "fatal error: ")
		}
		if isPanic && strings.Contains(message, text) {
			return true
		}
	}
	return false
}
