package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/doc/comment"
	"io"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/gopls"
	"github.com/concurlint/concurlint/internal/driver/lsp"
)

// editors runs the subcommand with the name.
func (c *command) editors(ctx context.Context, name string, args []string) int {
	if name == "lsp" {
		return c.lsp(ctx, args)
	}
	return c.gopls(ctx, args)
}

// gopls builds a gopls that runs the checks, and tells how an editor comes to
// use it.
func (c *command) gopls(ctx context.Context, args []string) int {
	build := gopls.Build{Notes: c.stderr}
	fs := c.subcommandFlags()
	fs.StringVar(&build.Output, "o", "gopls-"+c.Name, "")
	fs.StringVar(&build.Version, "gopls", gopls.DefaultVersion, "")
	fs.StringVar(&build.Suite.Dir, "replace", "", "")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return c.help(nil)
	} else if err != nil {
		return c.fail(c.flagError(fs, err))
	}
	if fs.NArg() > 0 {
		return c.fail(fmt.Errorf("gopls takes flags only; got %s", strings.Join(fs.Args(), " ")))
	}
	if err := c.suite(&build.Suite); err != nil {
		return c.fail(err)
	}
	r, err := build.Run(ctx)
	if err != nil {
		return c.fail(err)
	}
	c.goplsSettings(r)
	return statusClean
}

// subcommandFlags returns an empty set of flags whose errors are returned and
// not printed.
func (c *command) subcommandFlags() *flag.FlagSet {
	fs := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// suite completes what says where the analyzers of this program come from: the
// folder that is given, or the version of the program itself.
func (c *command) suite(s *gopls.Suite) error {
	s.Module, s.Package = c.Module, c.Module+"/analyzers"
	if s.Dir != "" {
		return nil
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path == c.Module && info.Main.Replace == nil {
		s.Version = info.Main.Version
	}
	if s.Version == "" || s.Version == "(devel)" || strings.Contains(s.Version, "+dirty") {
		return fmt.Errorf("this %s is not a released version; name the folder of its source with -replace", c.Name)
	}
	return nil
}

// goplsSettings prints which settings make editors use the program that was
// built.
func (c *command) goplsSettings(r *gopls.Result) {
	fmt.Fprintf(c.stdout, `built gopls %[1]s with the checks of %[2]s: %[3]s

Settings that make an editor use it; more in %[4]s
	VS Code     "go.alternateTools": {"gopls": %[3]q}
	Neovim      vim.lsp.config("gopls", {cmd = {%[3]q}})
	Helix       [language-server.gopls]
	            command = %[3]q
	Emacs       (with-eval-after-load 'eglot
	              (add-to-list 'eglot-server-programs '((go-mode go-ts-mode) . (%[3]q))))
`, r.Version, c.Name, r.Path, c.EditorsURL)
}

// lsp runs a language server on standard input and output until the editor ends
// it. Flags say which checks it runs and on which files, as for a check.
func (c *command) lsp(ctx context.Context, args []string) int {
	args = slices.DeleteFunc(args, func(arg string) bool {
		return arg == "--stdio" || arg == "-stdio" // which some editors add
	})
	o, err := c.parse(args)
	switch {
	case err != nil:
		return c.fail(err)
	case o.help:
		return c.help(nil)
	case o.fix, o.diff, o.json, o.context >= 0, !slices.Equal(o.patterns, []string{"."}):
		return c.fail(errors.New("lsp takes flags that select checks and files, and no packages; the editor says what to check"))
	}
	exe, err := os.Executable()
	if err != nil {
		return c.fail(err)
	}
	err = lsp.Serve(ctx, stdio{}, lsp.Config{
		Name:       c.Name,
		Version:    programVersion(),
		Tool:       exe,
		Analyzers:  c.Analyzers,
		ToolFlags:  o.toolFlags,
		BuildFlags: o.buildFlags,
		Ignore:     DebugCategory,
		Page:       c.editorPage,
		Log:        c.stderr,
	})
	if err != nil {
		return c.fail(err)
	}
	return statusClean
}

// stdio is standard input and output as one connection.
type stdio struct{}

func (stdio) Read(p []byte) (int, error)  { return os.Stdin.Read(p) }
func (stdio) Write(p []byte) (int, error) { return os.Stdout.Write(p) }

// Close does nothing: the process is about to end, and closing standard input
// would wait for a read that is under way.
func (stdio) Close() error { return nil }

// programVersion returns the version of the program's module.
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "(unknown)"
}

// editorPage returns the page of a check as an editor shows it.
func (c *command) editorPage(a *analysis.Analyzer, markdown bool) string {
	var b strings.Builder
	if !markdown {
		plain := *c
		plain.stdout = &b
		plain.page(a)
		return b.String()
	}
	summary, text := splitDoc(a)
	fmt.Fprintf(&b, "**%s**: %s\n\n", a.Name, summary)
	var parser comment.Parser
	printer := comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }}
	b.Write(printer.Markdown(parser.Parse(text)))
	for _, row := range flagRows(a) {
		fmt.Fprintf(&b, "\n`%s`: %s\n", row[0], row[1])
	}
	if a.URL != "" {
		fmt.Fprintf(&b, "\n[%s](%s)\n", path.Base(a.URL), a.URL)
	}
	return b.String()
}
