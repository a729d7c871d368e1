// Corpus runs concurlint on real code and compares what it says with what was
// accepted before, so that a change of a check is seen on more than its fixtures.
//
//	go run ./internal/cmd/corpus [flags] DIR...
//
// Each DIR is the folder of a module; the words std and cmd stand for the standard
// library and the commands of the Go installation. The program builds concurlint from
// this module, runs it with all checks on, test files included, and prints
//
//   - the findings, and how many there are per check and per thousand lines,
//   - the time,
//   - what the analysis gave up on (the counts of concurlint -debug),
//   - panics and packages that could not be analysed, and
//   - how all that differs from the results that were accepted.
//
// With -accept the results become the accepted ones, a text file per corpus
// (accepted.go has its format). Those of std and cmd, for one version of Go, are in the
// folder accepted beside this file, and continuous integration compares. Where the
// version of Go or the platform is another one, the program says so and compares nothing.
// For modules of your own name a folder with -accepted.
//
// With -platform windows/amd64 or js/wasm the code is analysed as it is built there: a
// sweep for panics.
//
// The exit status is 0 if everything is as accepted, 1 if findings differ, there was a
// panic, or a package cannot be analysed that could be before, and 2 if concurlint could
// not run. Counts of what was given up are compared for the reader only: nearly each
// change of the engine moves some.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const module = "github.com/concurlint/concurlint"

// options are what the command line says.
type options struct {
	accept   bool
	accepted string // a folder
	tool     string
	platform string
	dirs     []string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("corpus: ")
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		log.Print(err)
		os.Exit(2)
	}
	same, err := corpora(os.Stdout, o)
	if err != nil {
		log.Print(err)
		os.Exit(2)
	}
	if !same {
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("corpus", flag.ContinueOnError)
	fs.BoolVar(&o.accept, "accept", false, "write the results as the accepted ones")
	fs.StringVar(&o.accepted, "accepted", "", "the `folder` of accepted results (default internal/cmd/corpus/accepted)")
	fs.StringVar(&o.tool, "tool", "", "run this `program` instead of building concurlint")
	fs.StringVar(&o.platform, "platform", "", "analyse the code as it is built for `GOOS/GOARCH`")
	fs.Usage = func() {
		fmt.Fprintln(fs.Output(), "usage: go run ./internal/cmd/corpus [flags] DIR...")
		fs.PrintDefaults()
	}
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if o.dirs = fs.Args(); len(o.dirs) == 0 {
		return o, errors.New("name the folders of modules, or std or cmd")
	}
	if goos, goarch, ok := strings.Cut(o.platform, "/"); o.platform != "" && (!ok || goos == "" || goarch == "") {
		return o, fmt.Errorf("-platform %s: want GOOS/GOARCH", o.platform)
	}
	return o, nil
}

// corpora runs concurlint on each corpus, and reports whether all are as accepted.
func corpora(w io.Writer, o options) (same bool, err error) {
	tmp, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	if o.accepted == "" {
		if o.accepted, err = defaultFolder(); err != nil {
			return false, err
		}
	}
	tool := o.tool
	if tool == "" {
		if tool, err = build(tmp); err != nil {
			return false, err
		}
	}
	if tool, err = filepath.Abs(tool); err != nil {
		return false, err
	}
	same = true
	for _, arg := range o.dirs {
		c, err := locate(arg, o.platform)
		if err != nil {
			return false, err
		}
		got, err := c.analyse(tool, tmp)
		if err != nil {
			return false, fmt.Errorf("%s: %w", arg, err)
		}
		asBefore, err := conclude(w, o, got)
		if err != nil {
			return false, err
		}
		same = same && asBefore
	}
	return same, nil
}

// conclude prints a result and compares it with the accepted one, or accepts it.
func conclude(w io.Writer, o options, got *result) (same bool, err error) {
	file := acceptedFile(o.accepted, got.Corpus, o.platform)
	old, err := readAccepted(file)
	if err != nil {
		return false, err
	}
	printResult(w, got, old)
	if o.accept {
		return len(got.panics) == 0, writeAccepted(file, got)
	}
	if old == nil {
		fmt.Fprintln(w, "not compared: no results have been accepted yet, see -accept")
		return len(got.panics) == 0, nil
	}
	return printDifference(w, old, got) && len(got.panics) == 0, nil
}

// defaultFolder returns the folder of accepted results in this module.
func defaultFolder() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f={{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("looking for %s: %w; run this command in it", module, err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "internal", "cmd", "corpus", "accepted"), nil
}

// build builds concurlint. Nothing of the time goes into it that has not changed: then
// the go command has the results of an earlier run.
func build(tmp string) (string, error) {
	tool := filepath.Join(tmp, "concurlint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	out, err := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-o", tool, module+"/cmd/concurlint").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return tool, nil
}
