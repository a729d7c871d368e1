package checktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A prover builds and runs drives.
type prover struct {
	root    string   // the folder of the packages
	prefix  string   // of their import paths
	env     []string // of the go command
	tmp     string
	timeout time.Duration
	again   time.Duration // how long a drive is repeated that may depend on scheduling
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
		limit, _ := time.ParseDuration(os.Args[4])
		for start := time.Now(); time.Since(start) < limit; {
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
		buf := make([]byte, 4<<20)
		fmt.Printf("proof: looked\n\n%%s\n\n", buf[:runtime.Stack(buf, true)])
	}
}
`

// looks is how often a goroutine has to be found running to count as spinning.
const looks = 5

// watched reports whether a drive runs while something looks on.
func (d drive) watched() bool {
	switch d.claim.kind {
	case "spin", "flood", "calm":
		return true
	}
	return false
}

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
		dir := filepath.Join(p.root, filepath.FromSlash(strings.TrimPrefix(pkg, p.prefix)))
		add(filepath.Join(dir, "proof_drives.go"), fmt.Sprintf(entryText, name, entries.String()))
		fmt.Fprintf(&imports, "\tp%d %q\n", i, pkg)
		fmt.Fprintf(&table, "\t%q: p%d.Drives,\n", pkg, i)
	}
	add(filepath.Join(p.root, "concurlintproof", "main.go"), fmt.Sprintf(mainText, imports.String(), table.String())+fmt.Sprintf(watchText, looks))
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
	env := append(append(os.Environ(), "GOWORK=off", "GOFLAGS="), p.env...)
	if race {
		binary += "-race"
		args = append(args, "-race")
		env = append(env, "CGO_ENABLED=1")
	} else {
		// With cgo, which net brings in, the runtime does not see a deadlock: the drive
		// would wait for its time-out.
		env = append(env, "CGO_ENABLED=0", "GOEXPERIMENT=goroutineleakprofile")
	}
	cmd := exec.Command("go", append(args, "-o", binary, p.prefix+"concurlintproof")...)
	cmd.Dir, cmd.Env = p.root, env
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

// prove runs a drive and returns what it printed, and why its claim is not true.
func (p prover) prove(binary string, d drive) (output string, err error) {
	mode := "once"
	switch {
	case d.repeat:
		mode = "again"
	case d.watched():
		mode = "watch"
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, d.pkg, d.name, mode, p.again.String())
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1", "GOTRACEBACK=all")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // for the stacks
	cmd.WaitDelay = 5 * time.Second
	failed := cmd.Run()
	if why := judge(d, outcome{out.String(), failed != nil, ctx.Err() != nil}); why != "" {
		return out.String(), fmt.Errorf("%s\n%s", why, out.String())
	}
	return out.String(), nil
}
