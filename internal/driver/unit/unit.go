// Package unit analyses one package on behalf of the go command: it makes a
// program usable as go vet -vettool and go fix -fixtool.
//
// The go command starts the tool in three ways: with -flags, to learn which
// flags it accepts; with -V=full, to learn an identity that becomes part of
// every cache key; and once per package with the name of a configuration file,
// vet.cfg, which names the package's files, the export data of its imports, and
// the files to write. All of it is implemented by x/tools' unitchecker. This
// package adds what unitchecker lacks:
//
//   - The standard library costs next to nothing as a dependency. The go command runs
//     the tool on every package that the requested ones import, directly or not, so
//     that it can write facts (VetxOnly). The standard library has none: the tool
//     ends before it parses a file.
//   - No finding gets lost in the cache. See [isFixed].
//   - The identity does not contain the path of the program, since the go
//     command fails to parse one that contains a space.
package unit

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/skeleton"
)

// RootsFlag is the name of a flag that has no effect on the analysis. Since the
// go command keys its cached results by the flags, it separates the results of
// runs that ask for different packages. See [isFixed].
const RootsFlag = "roots"

// Invoked reports whether the go command started the program as a tool, judged
// by the command line without the program's name.
func Invoked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	switch last := args[len(args)-1]; last {
	case "-flags", "--flags", "-V=full", "--V=full":
		return true
	default:
		return strings.HasSuffix(last, ".cfg")
	}
}

// Main does what the go command asks for on the command line and ends the
// process. The name is that of the program.
func Main(name string, analyzers []*analysis.Analyzer) {
	log.SetFlags(0)
	log.SetPrefix(name + ": ")
	if last := os.Args[len(os.Args)-1]; strings.HasSuffix(last, ".cfg") {
		todo, err := dependency(os.Args[1:len(os.Args)-1], last, onlySkeletons(analyzers))
		if err != nil {
			log.Fatal(err)
		}
		switch todo {
		case nothing:
			os.Exit(0)
		case facts:
			leaveOut(analyzers)
			engine.FactsOnly = true
		}
	}
	limitMemory()
	flag.Var(identityFlag(name), "V", "print version and exit")
	flag.String(RootsFlag, "", "identify the requested packages; no effect on the analysis")
	defer func() {
		if v := recover(); v != nil {
			if message := outdated(v); message != "" {
				log.Fatal(message)
			}
			panic(v)
		}
	}()
	unitchecker.Main(analyzers...)
}

// Outdated is a part of the message that this program is too old for the go command.
const Outdated = "cannot read what a newer go command compiles"

// outdated returns what to tell the user if the type checker panics since the export
// data of an import have a format that the Go release which built this program does not
// know, and "" for other panics. That the go command is newer is not wrong by itself: the
// format changes rarely.
func outdated(panicked any) string {
	if !strings.Contains(fmt.Sprint(panicked), "export data version") {
		return ""
	}
	return fmt.Sprintf("this program was built with %s and %s; install it again with that one", runtime.Version(), Outdated)
}

// onlySkeletons reports whether a suite has no facts but those of the engine, which
// the standard library does without.
func onlySkeletons(analyzers []*analysis.Analyzer) bool {
	seen := make(map[*analysis.Analyzer]bool)
	var only func(list []*analysis.Analyzer) bool
	only = func(list []*analysis.Analyzer) bool {
		for _, a := range list {
			if seen[a] {
				continue
			}
			seen[a] = true
			for _, f := range a.FactTypes {
				if _, ok := f.(*skeleton.Fact); !ok {
					return false
				}
			}
			if !only(a.Requires) {
				return false
			}
		}
		return true
	}
	return only(analyzers)
}

// leaveOut keeps analyzers from running on a dependency that have no facts, which
// unitchecker has them do if they require one with facts, and those that only the engine
// requires: it makes its facts without them, and the index of the syntax alone takes as
// long as a third of type checking.
func leaveOut(analyzers []*analysis.Analyzer) {
	needed := make(map[*analysis.Analyzer]bool)
	var need func(a *analysis.Analyzer)
	need = func(a *analysis.Analyzer) {
		if needed[a] || a == engine.Analyzer {
			return
		}
		needed[a] = true
		for _, r := range a.Requires {
			need(r)
		}
	}
	seen := make(map[*analysis.Analyzer]bool)
	var all func(list []*analysis.Analyzer)
	all = func(list []*analysis.Analyzer) {
		for _, a := range list {
			if seen[a] {
				continue
			}
			seen[a] = true
			if len(a.FactTypes) > 0 {
				need(a)
			}
			all(a.Requires)
		}
	}
	all(analyzers)
	for a := range seen {
		if needed[a] || a == engine.Analyzer {
			continue
		}
		a.Run = func(*analysis.Pass) (any, error) {
			if a.ResultType == nil {
				return nil, nil
			}
			return reflect.Zero(a.ResultType).Interface(), nil
		}
	}
}

// What is left to do for a package.
type work int

const (
	everything work = iota
	facts
	nothing
)

// dependency finishes the run if the package of the configuration file is a mere
// dependency that needs more, or less, than its facts, and tells what is left to do.
// The flags are those of the command line; noStandard is set if the standard library
// has no facts.
//
// An absent or empty file is a package without facts.
func dependency(flags []string, configFile string, noStandard bool) (work, error) {
	data, err := os.ReadFile(configFile)
	if err != nil {
		return nothing, err
	}
	var cfg unitchecker.Config
	if err := json.Unmarshal(data, &cfg); err != nil {
		return nothing, fmt.Errorf("%s: %v", configFile, err)
	}
	if cfg.Module != nil { // since Go 1.27, in place of the other two
		cfg.ModulePath, cfg.ModuleVersion = cfg.Module.Path, cfg.Module.Version
	}
	switch {
	case !cfg.VetxOnly:
		return everything, nil
	case isStandard(&cfg) && noStandard:
		return nothing, os.WriteFile(cfg.VetxOutput, nil, 0o666)
	case isFixed(&cfg) || hasTests(&cfg):
		return facts, nil
	}
	return nothing, analyseAll(flags, cfg)
}

// analyseAll analyses a dependency that people work on as if it were asked for, in
// a process of its own, and leaves its facts only if there is nothing to report. See
// [isFixed].
func analyseAll(flags []string, cfg unitchecker.Config) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "concurlint")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	output := cfg.VetxOutput
	cfg.VetxOnly, cfg.VetxOutput, cfg.Stdout, cfg.FixArchive = false, filepath.Join(dir, "vet.out"), filepath.Join(dir, "stdout"), ""
	data, err := json.Marshal(cfg)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "vet.cfg")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		return err
	}
	var args []string
	for _, f := range flags {
		switch name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "="); name {
		case "json", "fix", "diff", "c", "concurlint.debug", "concurlint.trace":
		default:
			args = append(args, f)
		}
	}
	if err := exec.Command(exe, append(args, file)...).Run(); err != nil {
		return nil // findings, or errors: they are told when the package is asked for
	}
	out, err := os.ReadFile(cfg.VetxOutput)
	if err != nil {
		return nil
	}
	return os.WriteFile(output, out, 0o666)
}

// hasTests reports whether the package has test files of its own. If it is asked for,
// the go command then has it analysed with these, as another package: what is left in
// the cache of the one without is never mistaken for that.
func hasTests(cfg *unitchecker.Config) bool {
	names, err := filepath.Glob(filepath.Join(escapeGlob(cfg.Dir), "*_test.go"))
	if err != nil || len(cfg.GoFiles) == 0 {
		return false
	}
	fset := token.NewFileSet()
	own, err := parser.ParseFile(fset, cfg.GoFiles[0], nil, parser.PackageClauseOnly)
	if err != nil {
		return false
	}
	for _, name := range names {
		if ok, err := build.Default.MatchFile(cfg.Dir, filepath.Base(name)); !ok || err != nil {
			continue
		}
		if f, err := parser.ParseFile(fset, name, nil, parser.PackageClauseOnly); err == nil && f.Name.Name == own.Name.Name {
			return true
		}
	}
	return false
}

// escapeGlob has a folder's name match itself.
func escapeGlob(dir string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(dir)
}

// isStandard reports whether the package is one of the standard library.
func isStandard(cfg *unitchecker.Config) bool {
	// Import paths of it, and of what it vendors, have no dot in the first element.
	first, _, _ := strings.Cut(cfg.ImportPath, "/")
	return cfg.ModulePath == "" && !strings.Contains(first, ".")
}

// isFixed reports whether the package is one that is used but not worked on: part
// of the standard library, the module cache or a vendor directory.
//
// The reason is a flaw of the go command (1.26): the key of a cached result
// does not tell a package visited as a dependency from one that is asked for.
// If "go vet ./a", where a imports b, left nothing of b but its facts, "go vet ./b"
// would replay that instead of running the tool: its findings would be lost until b
// changes. So a package that people work on is analysed in any case. If there is
// nothing to report, its facts stay, and replaying them is right. If there is, no
// fact file is written, and so nothing is cached: the packages that import it do not
// know of it until it is clean, unless it is asked for in the same run. (That is for
// packages without test files in them. See [hasTests].) Whoever asks
// for a package that is fixed in this sense has to set [RootsFlag] to something
// specific to the set of packages asked for, as package gocmd does; plain go vet can
// miss its findings.
//
// The flaw has another side, for which this package has no remedy: after
// "go vet -json ./b", "go vet -json ./a" prints the findings in b. Package gocmd
// drops them.
func isFixed(cfg *unitchecker.Config) bool {
	if cfg.ModulePath == "" {
		return isStandard(cfg) // or GOPATH mode
	}
	dir := filepath.ToSlash(cfg.Dir)
	return cfg.ModuleVersion != "" &&
		(strings.Contains(dir, "@"+cfg.ModuleVersion) || strings.Contains(dir, "/vendor/"))
}

// An identityFlag is the flag -V. Set to "full" it prints, in the format that
// the go command parses, the program's name and a hash of the executable, and
// ends the process.
//
// It replaces unitchecker's flag of the same name, which prints the path of the
// executable: the go command takes the second word for the keyword "version",
// which it is not if the path contains a space.
type identityFlag string

// IsBoolFlag makes -V a flag that needs no value.
func (identityFlag) IsBoolFlag() bool { return true }

// String returns the default value, none.
func (identityFlag) String() string { return "" }

// Set prints the identity. It returns an error for a value other than "full" or
// if the executable cannot be read.
func (name identityFlag) Set(value string) error {
	if value != "full" {
		return fmt.Errorf("want full")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(exe)
	if err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	fmt.Printf("%s version devel buildID=%02x\n", string(name), h.Sum(nil))
	os.Exit(0)
	return nil
}
