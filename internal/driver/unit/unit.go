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
//   - Dependencies cost next to nothing. The go command runs the tool on every
//     package that the requested ones import, directly or not, the standard
//     library included, so that it can write facts (VetxOnly). Without a fact
//     type in the suite there is nothing to write, and nothing that could
//     crash or fail: the tool ends before it parses a file.
//   - No finding gets lost in the cache. See [dependencyIsFixed].
//   - The identity does not contain the path of the program, since the go
//     command fails to parse one that contains a space.
package unit

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// RootsFlag is the name of a flag that has no effect on the analysis. Since the
// go command keys its cached results by the flags, it separates the results of
// runs that ask for different packages. See [dependencyIsFixed].
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
	if last := os.Args[len(os.Args)-1]; strings.HasSuffix(last, ".cfg") && !usesFacts(analyzers) {
		done, err := skipDependency(last)
		if err != nil {
			log.Fatal(err)
		}
		if done {
			os.Exit(0)
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	flag.Var(identityFlag(name), "V", "print version and exit")
	flag.String(RootsFlag, "", "identify the requested packages; no effect on the analysis")
	unitchecker.Main(analyzers...)
}

// gcPercent is the growth of the heap after which garbage is collected. The go
// command runs several of these processes at a time, each for one package and
// most of them short, so memory is dearer here than the time that a smaller heap
// takes: the models and runs of a package are mostly garbage soon.
const gcPercent = 50

// usesFacts reports whether an analyzer, or one that it requires, has a fact
// type: if so, dependencies have to be analysed for their facts.
func usesFacts(analyzers []*analysis.Analyzer) bool {
	seen := make(map[*analysis.Analyzer]bool)
	var visit func([]*analysis.Analyzer) bool
	visit = func(list []*analysis.Analyzer) bool {
		for _, a := range list {
			if seen[a] {
				continue
			}
			seen[a] = true
			if len(a.FactTypes) > 0 || visit(a.Requires) {
				return true
			}
		}
		return false
	}
	return visit(analyzers)
}

// skipDependency finishes the run if the package of the configuration file is a
// mere dependency, and reports whether it was one. It is for suites without
// facts.
//
// Dependents do not miss the facts: to unitchecker an absent or empty file is a
// package without facts, and types come from the compiler's export data.
// (Releases of x/tools from v0.51.0 on pass types through the fact files. With
// them this function has to go; the scripts that import a package of the same
// module fail then.)
func skipDependency(configFile string) (bool, error) {
	data, err := os.ReadFile(configFile)
	if err != nil {
		return false, err
	}
	var cfg unitchecker.Config
	if err := json.Unmarshal(data, &cfg); err != nil {
		return false, fmt.Errorf("%s: %v", configFile, err)
	}
	if !cfg.VetxOnly {
		return false, nil
	}
	if dependencyIsFixed(&cfg) {
		return true, os.WriteFile(cfg.VetxOutput, nil, 0o666)
	}
	return true, nil
}

// dependencyIsFixed reports whether the package is one that is used but not
// worked on: part of the standard library, the module cache or a vendor
// directory. Only such a package leaves a fact file when it is visited as a
// dependency.
//
// The reason is a flaw of the go command (1.26): the key of a cached result
// does not tell a package visited as a dependency from one that is asked for.
// After "go vet ./a", where a imports b, the (empty) output of b is in the
// cache, and "go vet ./b" replays it instead of running the tool: its findings
// are lost until b changes. Without a fact file nothing is cached, so a package
// that people work on is visited anew, which costs a process of some
// milliseconds. Whoever asks for a package that is fixed in this sense has to
// set [RootsFlag] to something specific to the set of packages asked for, as
// package gocmd does; plain go vet can miss its findings.
//
// The flaw has another side, for which this package has no remedy: after
// "go vet ./b", "go vet ./a" prints the findings in b. Package gocmd drops them.
func dependencyIsFixed(cfg *unitchecker.Config) bool {
	if cfg.ModulePath == "" {
		// The standard library, or GOPATH mode. Import paths of the former
		// have no dot in the first element.
		first, _, _ := strings.Cut(cfg.ImportPath, "/")
		return !strings.Contains(first, ".")
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
