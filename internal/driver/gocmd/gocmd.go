// Package gocmd runs go list and go vet as child processes and turns their
// output into data.
//
// go vet does the work of the stand-alone program: it loads packages as any
// other command of the Go toolchain does, in every kind of module and
// workspace, starts this program once per package (see package unit), runs
// packages in parallel, and keeps the results in the build cache. What it
// lacks is dealt with here: it stops for a package whose imports cannot be
// resolved, says nothing of a package that it skips because a dependency does
// not compile, and replays cached findings of packages that nobody asked for.
// So a run is
//
//	pkgs := cmd.List(patterns)        what the patterns mean, and what is wrong with it
//	result := cmd.Vet(pkgs, ...)      findings and failures of the packages that can be loaded
//	cmd.Skipped(pkgs, result)         packages that go vet skipped without a word
package gocmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/version"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Command says how to run the go command.
type Command struct {
	// Dir is the directory to run in. Empty means the current one.
	Dir string

	// BuildFlags go to go list and go vet alike, for example -tags=x.
	BuildFlags []string

	// Notes receives what the go command says on the way and is neither result
	// nor failure, line by line: modules that it downloads, warnings.
	Notes io.Writer
}

// grace is how long an interrupted go command may take to end by itself: it
// waits for the tools it started and removes its temporary files.
const grace = 5 * time.Second

// run starts the go command, passes its standard output to handle while it
// works, and returns its standard error and whether it succeeded. When ctx is
// done, the go command and all that it started are interrupted, and killed if
// that does not help. The error says why the go command could not be run or
// its output not be handled.
func (c *Command) run(ctx context.Context, args []string, handle func(io.Reader) error) (stderr string, ok bool, err error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", false, errors.New("the go command is not in PATH; it is needed to load packages")
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = c.Dir
	cmd.WaitDelay = grace
	interruptAll(cmd)
	messages := &stderrWriter{notes: c.Notes}
	cmd.Stderr = messages
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", false, err
	}
	if err := cmd.Start(); err != nil {
		return "", false, fmt.Errorf("running %s: %v", path, err)
	}
	handleErr := handle(stdout)
	if handleErr != nil {
		io.Copy(io.Discard, stdout) // let the child finish
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		killAll(cmd)
		return "", false, errors.New("interrupted")
	}
	messages.flush()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", false, fmt.Errorf("running %s: %v", path, err)
	}
	if handleErr != nil {
		return "", false, fmt.Errorf("go %s: %v", args[0], handleErr)
	}
	return messages.kept.String(), err == nil, nil
}

// minVersion is the first Go release whose go vet can do what this package
// asks for: print JSON to standard output, keep it in the cache, and apply
// fixes. The go command can be older than the release that built this program.
const minVersion = "go1.26"

// checkEnv reports whether the directory is part of a module. It returns an
// error if the go command is too old.
func (c *Command) checkEnv(ctx context.Context) (inModule bool, err error) {
	var out []byte
	stderr, ok, err := c.run(ctx, []string{"env", "GOVERSION", "GOMOD"}, func(r io.Reader) (err error) {
		out, err = io.ReadAll(r)
		return err
	})
	if err == nil && !ok {
		err = errors.New(oneLine(stderr)) // such as a go.work that makes no sense
	}
	if err != nil {
		return false, err
	}
	goversion, gomod, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if version.IsValid(goversion) && version.Compare(goversion, minVersion) < 0 {
		return false, fmt.Errorf("the go command here is %s; %s or later is needed", goversion, minVersion)
	}
	return gomod != os.DevNull, nil
}

// workDir returns the absolute path of the directory that the command runs in.
func (c *Command) workDir() (string, error) {
	if c.Dir != "" {
		return filepath.Abs(c.Dir)
	}
	return os.Getwd()
}

// A stderrWriter passes the notes among the go command's messages on at once
// and keeps the others.
type stderrWriter struct {
	notes   io.Writer
	kept    strings.Builder
	partial []byte // a line without its end
}

// Write takes the next piece of the go command's standard error.
func (w *stderrWriter) Write(p []byte) (int, error) {
	w.partial = append(w.partial, p...)
	for {
		i := bytes.IndexByte(w.partial, '\n')
		if i < 0 {
			return len(p), nil
		}
		w.line(string(w.partial[:i]))
		w.partial = w.partial[i+1:]
	}
}

// flush takes what is left as a line.
func (w *stderrWriter) flush() {
	if len(w.partial) > 0 {
		w.line(string(w.partial))
		w.partial = nil
	}
}

func (w *stderrWriter) line(line string) {
	if !isNote(line) {
		w.kept.WriteString(line + "\n")
	} else if w.notes != nil {
		fmt.Fprintln(w.notes, line)
	}
}

// isNote reports whether a message of the go command does not say that
// something failed. It warns of a pattern without packages and goes on, but
// whoever wrote the pattern expected some.
func isNote(line string) bool {
	if strings.HasSuffix(line, noPackages) {
		return false
	}
	for _, note := range []string{"go: downloading ", "go: finding ", "go: extracting ", "go: warning: ", "warning: "} {
		if strings.HasPrefix(line, note) {
			return true
		}
	}
	return false
}

// noPackages ends a warning of the go command about a pattern.
const noPackages = " matched no packages"

// oneLine makes one line of a message of the go command, without the "go: "
// that some start with. Further lines tell how to repair what is wrong.
func oneLine(message string) string {
	message = strings.TrimPrefix(strings.TrimSpace(message), "go: ")
	fields := strings.FieldsFunc(message, func(r rune) bool { return r == '\n' })
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
	}
	return strings.Join(fields, " ")
}
