// Package driver is the command-line program around a suite of analyzers.
//
// One program plays two parts. The go command starts it once per package, as
// the tool of go vet or go fix: that is package unit. A person starts it with
// packages to check, or with one of the words help, explain, pattern and
// version: that is this package, which for checking starts go vet with the
// program itself as its tool (package gocmd), so that both ways find the same.
// The journey of a command line is
//
//	Main → command → options (flags.go) → check (check.go) → report (print.go, package format)
//
// Findings that a file knows already are left out by package baseline. What
// pattern -o writes into the user's module is made by package adopt.
//
// The suite is a parameter, so that tests run the program with an analyzer of
// their own.
package driver

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/adopt"
	"github.com/concurlint/concurlint/internal/driver/unit"
	"github.com/concurlint/concurlint/internal/printable"
)

// A Program is a suite of analyzers with what belongs to it.
type Program struct {
	// Name is the program's name, which starts each of its own messages.
	//
	// An analyzer of the same name owns the flags that concern all checks. If
	// it has the flag "debug", the program has the flag -debug. If it has the
	// flag "trace", the program sets it for reports with pictures.
	Name string

	// About says what the program does, in words that follow its name.
	About string

	// URL is the address of the program's home.
	URL string

	// Analyzers are the checks, in the order in which they are listed.
	Analyzers []*analysis.Analyzer

	// Patterns returns the reference implementations that the program can
	// print and write; it may be nil. It is a function since a process that the go command
	// starts per package has no use for them.
	Patterns func() []Pattern

	// Guides are the texts that it can print besides the pages of the checks.
	Guides []Guide

	// Module is the path of the module in which the function All of package
	// analyzers returns the checks. With it, the program can build a gopls.
	Module string

	// EditorsURL is the page on settings of editors.
	EditorsURL string
}

// A Pattern is a reference implementation.
type Pattern struct {
	adopt.Pattern
	Summary string // one line
}

// A Guide is a text about more than one check.
type Guide struct {
	Name    string
	Summary string // one line
	Text    string // Markdown
	URL     string

	// For reports whether the page of a check should point to the guide.
	For func(*analysis.Analyzer) bool
}

// DebugCategory is the category of diagnostics that tell about the analysis
// instead of the program under analysis. They go to standard error and do not
// count as findings.
const DebugCategory = "debug"

// Exit statuses of the stand-alone program.
const (
	statusClean    = 0 // nothing found
	statusFindings = 1 // findings, or with -diff a patch
	statusFailed   = 2 // something could not be analysed, or the command line is wrong
)

// Main runs the program with the command line of the process, and ends the
// process.
func (p *Program) Main() {
	args := os.Args[1:]
	if unit.Invoked(args) {
		unit.Main(p.Name, p.Analyzers)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	c := &command{
		Program:  p,
		stdout:   os.Stdout,
		stderr:   os.Stderr,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	status := c.run(ctx, args)
	stop()
	os.Exit(status)
}

// A command is a run of the program by a person or a script.
type command struct {
	*Program
	stdout, stderr io.Writer
	terminal       bool // stderr is one: somebody watches
}

// run executes the command line and returns the exit status.
func (c *command) run(ctx context.Context, args []string) int {
	if len(args) > 0 {
		switch word, operands := args[0], args[1:]; word {
		case "help":
			return c.help(operands)
		case "explain":
			return c.explain(operands)
		case "pattern":
			if c.Patterns != nil {
				return c.pattern(operands)
			}
		case "version":
			return c.version(operands)
		case "gopls", "lsp":
			if c.EditorsURL != "" {
				return c.editors(ctx, word, operands)
			}
		}
	}
	o, err := c.parse(args)
	switch {
	case err != nil:
		return c.fail(err)
	case o.help:
		return c.help(nil)
	case o.version:
		return c.version(nil)
	}
	return c.check(ctx, o)
}

// fail prints an error that ends the run.
func (c *command) fail(err error) int {
	c.complain(err.Error())
	return statusFailed
}

// complain prints a message about what could not be done, as one line.
func (c *command) complain(message string) {
	fmt.Fprintf(c.stderr, "%s: %s\n", c.Name, printable.Text(strings.ReplaceAll(message, "\n", " ")))
}
