package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A peer is a linter that is a program of its own, and loads packages itself.
type peer struct {
	pkg, version string
	findings     int    // its exit status if it has found something
	cache        string // variable that names the folder of its cache, if it has one
}

var peerList = []peer{
	{"honnef.co/go/tools/cmd/staticcheck", "v0.8.2", 1, "STATICCHECK_CACHE"},
	{"github.com/sanbricio/goconcurrencylint/cmd/goconcurrencylint", "v0.4.1", 3, ""},
}

func (p peer) name() string { return path.Base(p.pkg) }

func isPeer(name string) bool {
	return slices.ContainsFunc(peerList, func(p peer) bool { return p.name() == name })
}

// peers returns the other linters to measure. The first is go vet's own suite.
func peers(b *bench, ready programs) []*contestant {
	list := []*contestant{{name: "go vet", fresh: ownSuite}}
	for _, p := range peerList {
		c := &contestant{name: p.name() + " " + p.version}
		exe := ready[p.name()]
		if exe == "" {
			exe, c.failed = install(b.tmp, p)
		} else {
			c.name = p.name()
		}
		c.fresh = p.run(exe)
		list = append(list, c)
	}
	return list
}

// ownSuite returns how to run go vet as it is. A released vet is known to the go command
// by its version, so what makes the round's runs unlike others is a flag: the name of a
// function to be checked like fmt.Printf, which no package has.
func ownSuite(b *bench, round int) (command, error) {
	return command{
		args:    []string{"go", "vet", fmt.Sprintf("-printf.funcs=no%s%df", b.salt, round)},
		problem: func(stderr string, err error) string { return problem("vet", stderr, err) },
	}, nil
}

// install installs a peer into a folder.
func install(dir string, p peer) (exe string, err error) {
	cmd := exec.Command("go", "install", p.pkg+"@"+p.version)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot be installed: %s", reason(string(out)))
	}
	return filepath.Join(dir, program(p.name())), nil
}

// run returns how to run the peer, with an empty cache for each round.
func (p peer) run(exe string) func(*bench, int) (command, error) {
	return func(b *bench, round int) (command, error) {
		c := command{args: []string{exe}, problem: p.problem}
		if p.cache == "" {
			return c, nil
		}
		dir := filepath.Join(b.tmp, fmt.Sprint(p.name(), round))
		c.env = []string{p.cache + "=" + dir}
		return c, os.Mkdir(dir, 0o777)
	}
}

// problem returns what went wrong in a run, or "" if that were only findings.
func (p peer) problem(stderr string, err error) string {
	exit := new(exec.ExitError)
	if err == nil || errors.As(err, &exit) && exit.ExitCode() == p.findings {
		return ""
	}
	for line := range strings.Lines(stderr) {
		for _, word := range []string{"fatal error: ", "panic: "} {
			if strings.HasPrefix(line, word) {
				return "fails: " + strings.TrimSpace(line)
			}
		}
	}
	return fmt.Sprintf("fails: %v: %s", err, firstLine(stderr))
}

// reason returns the first line of the go command that is no mere news.
func reason(out string) string {
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "go: downloading ") {
			return strings.TrimSpace(line)
		}
	}
	return firstLine(out)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
