// Bench measures what concurlint costs in go vet, in CPU time and memory, against
// a tool that only inspects.
//
//	go run ./internal/cmd/bench [-C dir] [-n rounds] packages
//
// It runs go vet -vettool on the packages with one tool and then the other, in
// rounds, and compares the medians of the CPU time, that is, user plus system
// time of the go command and all processes it starts, and the largest memory
// that any of these processes had.
//
// The build cache is warm: a first run, which is not measured, has the packages
// and their dependencies compiled. The vet cache is cold: the tools are linked
// anew for each round, and the go command keys the results by the tool.
package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

const module = "github.com/concurlint/concurlint"

// The tools, by name and main package. The first one is the base.
var tools = [...]struct{ name, pkg string }{
	{"inspect only", module + "/internal/cmd/bench/null"},
	{"concurlint", module + "/cmd/concurlint"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	dir := flag.String("C", ".", "the `folder` to run go vet in")
	rounds := flag.Int("n", 3, "how many `rounds` to measure")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./internal/cmd/bench [-C dir] [-n rounds] packages")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := bench(*dir, *rounds, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

// bench measures both tools and prints the comparison.
func bench(dir string, rounds int, packages []string) error {
	tmp, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	// The salt makes the binaries of this run unlike those of any other.
	salt := rand.Text()
	if err := warm(dir, tmp, salt, packages); err != nil {
		return err
	}
	var costs [len(tools)][]cost
	for round := range rounds {
		for turn := range tools {
			// Each comes first in every other round: what is left in the
			// machine's caches favours the second.
			i := (turn + round) % len(tools)
			tool, err := build(tmp, tools[i].pkg, fmt.Sprint(salt, round))
			if err != nil {
				return err
			}
			c, err := vet(dir, tool, packages)
			if err != nil {
				return fmt.Errorf("%s: %w", tools[i].name, err)
			}
			fmt.Printf("round %d  %-12s  %v\n", round+1, tools[i].name, c)
			costs[i] = append(costs[i], c)
		}
	}
	fmt.Printf("\n%s, %s/%s, %d CPUs\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return compare(os.Stdout, costs[0], costs[1])
}

// warm fills the build cache.
func warm(dir, tmp, salt string, packages []string) error {
	tool, err := build(tmp, tools[0].pkg, salt)
	if err != nil {
		return err
	}
	_, err = vet(dir, tool, packages)
	return err
}

// build links a tool. The salt becomes a part of the binary's build ID through
// the flags of the linker; no variable of that name needs to be there.
func build(tmp, pkg, salt string) (string, error) {
	tool := filepath.Join(tmp, salt, path.Base(pkg))
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", tool, "-ldflags=-X=main.salt="+salt, pkg)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return tool, nil
}

// vet runs a tool on packages and returns what that cost.
func vet(dir, tool string, packages []string) (cost, error) {
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + tool}, packages...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	if problem := problem(filepath.Base(tool), stderr.String(), err); problem != "" {
		return cost{}, errors.New(problem)
	}
	return costOf(cmd.ProcessState)
}

// problem returns what went wrong in a run of go vet, or "" if that were only
// findings: they make it fail too, and only its words tell the cases apart.
func problem(tool, stderr string, err error) string {
	if err == nil {
		return ""
	}
	if exit := new(exec.ExitError); !errors.As(err, &exit) || strings.TrimSpace(stderr) == "" {
		return err.Error()
	}
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "go: downloading ") {
			continue // no problem, only news
		}
		for _, who := range []string{"go", "vet", "panic", tool} {
			if strings.HasPrefix(line, who+": ") {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}
