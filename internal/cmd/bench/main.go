// Bench measures what concurlint costs in go vet, in CPU time, wall time and memory,
// against a tool that only inspects, and, with -peers, against other linters.
//
//	go run ./internal/cmd/bench [-C dir] [-n rounds] [-peers] packages
//
// It runs go vet -vettool on the packages with one tool and then the other, in
// rounds, and prints the medians of the CPU time, that is, user plus system
// time of the go command and all processes it starts, and of the wall time, and the
// largest memory that any of these processes had.
//
// The build cache is warm: a first run, which is not measured, has the packages
// and their dependencies compiled. Each round measures a tool twice: with a cold cache of
// findings (tools of go vet are linked anew for it, and the go command keys the results by
// the tool; staticcheck gets an empty folder), and then warm, with nothing changed.
//
// The peers are go vet's own suite, staticcheck, and goconcurrencylint, the last two in
// fixed versions, which it installs into a temporary folder. One that cannot be had is
// left out, with the reason; so is one that fails on the packages. A program that is
// there already is named with -peer, as in -peer staticcheck=/path/to/staticcheck.
package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
)

const module = "github.com/concurlint/concurlint"

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	dir := flag.String("C", ".", "the `folder` to run the tools in")
	rounds := flag.Int("n", 3, "how many `rounds` to measure")
	withPeers := flag.Bool("peers", false, "measure other linters as well")
	ready := make(programs)
	flag.Var(ready, "peer", "take `name=program` instead of installing the peer of that name; implies -peers")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./internal/cmd/bench [-C dir] [-n rounds] [-peers] packages")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*dir, *rounds, *withPeers || len(ready) > 0, ready, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

// programs are programs by the names of the peers.
type programs map[string]string

// String returns the flag's default, none.
func (p programs) String() string { return "" }

// Set adds a program.
func (p programs) Set(value string) error {
	name, program, ok := strings.Cut(value, "=")
	if !ok || !isPeer(name) {
		return errors.New("want name=program, the name being that of a peer")
	}
	p[name] = program
	return nil
}

// run measures all tools and prints the comparison.
func run(dir string, rounds int, withPeers bool, ready programs, packages []string) error {
	tmp, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	// The salt makes the binaries of this run unlike those of any other.
	b := &bench{dir: dir, tmp: tmp, salt: rand.Text(), packages: packages}
	list := []*contestant{
		{name: "inspect only", fresh: vetTool(module + "/internal/cmd/bench/null")},
		{name: "concurlint", fresh: vetTool(module + "/cmd/concurlint")},
	}
	if withPeers {
		list = append(list, peers(b, ready)...)
	}
	if err := b.warm(list[0]); err != nil {
		return err
	}
	for round := range rounds {
		for turn := range list {
			// Each comes first now and then: what is left in the machine's caches
			// favours the others.
			b.measure(list[(turn+round)%len(list)], round)
		}
	}
	fmt.Printf("\n%s, %s/%s, %d CPUs, %d rounds\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	if err := compare(os.Stdout, list); err != nil {
		return err
	}
	for _, c := range list[:2] {
		if c.failed != nil {
			return fmt.Errorf("%s: %w", c.name, c.failed)
		}
	}
	return nil
}
