package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A bench is a run of this program.
type bench struct {
	dir      string // where the tools run
	tmp      string
	salt     string
	packages []string
}

// A contestant is a tool to measure.
type contestant struct {
	name string

	// fresh returns the command for a round, for which nothing is in a cache as yet.
	fresh func(b *bench, round int) (command, error)

	cold, warm []cost
	failed     error // once it has, it is left out
}

// A command is what to run, without the packages.
type command struct {
	args []string
	env  []string

	// problem returns what went wrong in a run, or "" if that were only findings.
	problem func(stderr string, err error) string
}

// warm fills the build cache.
func (b *bench) warm(c *contestant) error {
	cmd, err := c.fresh(b, -1)
	if err != nil {
		return err
	}
	_, err = b.run(cmd)
	return err
}

// measure runs a tool twice, cold and warm.
func (b *bench) measure(c *contestant, round int) {
	if c.failed != nil {
		return
	}
	cmd, err := c.fresh(b, round)
	var both [2]cost
	for i := range both {
		if err == nil {
			both[i], err = b.run(cmd)
		}
	}
	if err != nil {
		c.failed = err
		fmt.Printf("round %d  %-18s %v\n", round+1, c.name, err)
		return
	}
	fmt.Printf("round %d  %-18s cold %v  warm %v\n", round+1, c.name, both[0], both[1])
	c.cold, c.warm = append(c.cold, both[0]), append(c.warm, both[1])
}

// run runs a command on the packages and returns what that cost.
func (b *bench) run(c command) (cost, error) {
	cmd := exec.Command(c.args[0], append(slices.Clone(c.args[1:]), b.packages...)...)
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if problem := c.problem(stderr.String(), err); problem != "" {
		return cost{}, errors.New(problem)
	}
	return costOf(cmd.ProcessState, wall)
}

// vetTool returns how to run a package's program in go vet: linked anew for each round.
func vetTool(pkg string) func(*bench, int) (command, error) {
	return func(b *bench, round int) (command, error) {
		tool, err := build(b.tmp, pkg, fmt.Sprint(b.salt, round))
		return command{
			args:    []string{"go", "vet", "-vettool=" + tool},
			problem: func(stderr string, err error) string { return problem(filepath.Base(tool), stderr, err) },
		}, err
	}
}

// build links a tool. The salt becomes a part of the binary's build ID through
// the flags of the linker; no variable of that name needs to be there.
func build(tmp, pkg, salt string) (string, error) {
	tool := filepath.Join(tmp, salt, program(path.Base(pkg)))
	cmd := exec.Command("go", "build", "-o", tool, "-ldflags=-X=main.salt="+salt, pkg)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return tool, nil
}

// program returns the file name of a program.
func program(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
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
