// Package gopls builds gopls with a suite of analyzers in it.
//
// gopls runs the analyzers that it was compiled with and no others (a way for
// other programs to add theirs is golang/go#59869, open since 2023). Whoever
// wants findings while typing, and not only of saved files as from package lsp,
// needs a gopls of their own. This package makes it from the module proxy alone:
//
//	download   gopls' module, in the version that is asked for
//	add        a file to a copy of its package settings, which holds the list of
//	           analyzers: an init function that appends ours (patch.go)
//	build      the copy, in a module that requires it and the suite (module.go)
//	move       the program to where it is wanted, in one step
//
// Nothing of gopls' own text is changed, since a file that is added fits more
// versions than an edit does. The copy is needed since the go command does not
// let an overlay reach into the module cache.
//
// The package is part of the command and not one for others to import, which is
// why it is here and not below plugin/.
package gopls

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// DefaultVersion is the release of gopls that is built unless another one is
// asked for: the latest that Go 1.26 can build.
const DefaultVersion = "v0.23.0"

// A Suite is a package with analyzers.
type Suite struct {
	Module  string // path of its module
	Package string // path of the package, which has a function All that returns them
	Version string // of the module; not used if Dir is set

	// Dir is the folder of the module if it is not to come from the module
	// proxy, for those who work on it.
	Dir string
}

// A Build says what to build.
type Build struct {
	Version string // of gopls, as in "v0.23.0", or "latest"
	Suite   Suite
	Output  string // the file to write, or a folder that exists

	// Notes receives what is being done, and what the go command says, line by
	// line.
	Notes io.Writer
}

// A Result is what was built.
type Result struct {
	Path    string // absolute, of the program
	Version string // of gopls
}

// Run builds gopls and puts it into place. If it returns an error, the output is
// as it was before.
func (b *Build) Run(ctx context.Context) (_ *Result, err error) {
	out, err := b.output()
	if err != nil {
		return nil, err
	}
	if err := b.Suite.resolve(); err != nil {
		return nil, err
	}
	// Next to the output, so that it can be moved there in one step, and first,
	// so that nobody waits a minute to learn that it cannot.
	staging, err := os.MkdirTemp(filepath.Dir(out), ".gopls-*")
	if err != nil {
		return nil, fmt.Errorf("cannot write to %s: %w", filepath.Dir(out), cause(err))
	}
	defer os.RemoveAll(staging)
	work, err := os.MkdirTemp("", "gopls-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)

	g := &golang{dir: work, notes: b.Notes}
	module, err := g.download(ctx, b.Version)
	if err != nil {
		return nil, err
	}
	if err := b.writeModule(work, module); err != nil {
		return nil, err
	}
	fmt.Fprintf(b.Notes, "building gopls %s with %s (the first time, this takes some minutes)\n", module.Version, b.Suite)
	built := filepath.Join(staging, filepath.Base(out))
	// Without paths in the program, what is compiled can be reused although the
	// folder has another name each time.
	if _, err := g.run(ctx, "build", "-mod=mod", "-trimpath", "-o", built, goplsPath); err != nil {
		return nil, fmt.Errorf("building gopls %s with %s: %w", module.Version, b.Suite, err)
	}
	if err := os.Rename(built, out); err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", out, cause(err))
	}
	return &Result{Path: out, Version: module.Version}, nil
}

// String returns the module with its version or folder.
func (s Suite) String() string {
	if s.Dir != "" {
		return s.Module + " in " + s.Dir
	}
	return s.Module + "@" + s.Version
}

// output returns the absolute path of the program to write.
func (b *Build) output() (string, error) {
	out, err := filepath.Abs(b.Output)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		out = filepath.Join(out, "gopls"+exeSuffix)
	}
	switch info, err := os.Stat(out); {
	case errors.Is(err, os.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(out)); err != nil {
			return "", fmt.Errorf("cannot write %s: %w", out, cause(err))
		}
	case err != nil:
		return "", fmt.Errorf("cannot write %s: %w", out, cause(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("cannot write %s: it is not a regular file", out)
	}
	return out, nil
}

// cause returns the reason in an error of package os, without the operation and
// a path that the user has not heard of.
func cause(err error) error {
	if pathErr, ok := errors.AsType[*os.PathError](err); ok {
		return pathErr.Err
	}
	if linkErr, ok := errors.AsType[*os.LinkError](err); ok {
		return linkErr.Err
	}
	return err
}

// golang runs the go command in a folder.
type golang struct {
	dir   string
	notes io.Writer
}

// grace is how long an interrupted go command may take to remove its temporary
// files.
const grace = 5 * time.Second

// run runs the go command and returns its standard output. The error is what it
// says is wrong.
func (g *golang) run(ctx context.Context, args ...string) (stdout []byte, err error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("the go command is not in PATH; it is needed to build gopls")
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = g.dir
	// The user's workspace and flags are for other modules.
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "GO111MODULE=on", "GOFLAGS="+cacheFlags(os.Getenv("GOFLAGS")))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = grace
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out.Bytes(), &goError{messages: strings.TrimSpace(messages.String()), exit: exit}
	}
	return out.Bytes(), err
}

// cacheFlags returns those of the flags in GOFLAGS that say how the module cache
// is written. The others may not be known to each command, or change what is
// built.
func cacheFlags(goflags string) string {
	var kept []string
	for flag := range strings.FieldsSeq(goflags) {
		if strings.HasPrefix(strings.TrimLeft(flag, "-"), "modcacherw") {
			kept = append(kept, flag)
		}
	}
	return strings.Join(kept, " ")
}

// A goError is a failure of the go command.
type goError struct {
	messages string
	exit     *exec.ExitError
}

// Error returns what the go command said, without its notes about downloads.
func (e *goError) Error() string {
	var kept []string
	for line := range strings.Lines(e.messages) {
		if !strings.HasPrefix(line, "go: downloading ") && !strings.HasPrefix(line, "go: finding ") {
			kept = append(kept, strings.TrimSpace(line))
		}
	}
	if len(kept) == 0 {
		return "go: " + e.exit.Error()
	}
	return strings.TrimPrefix(strings.Join(kept, " "), "go: ")
}
