package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/concurlint/concurlint/internal/driver/gopls"
)

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

func (c *command) lsp(context.Context, []string) int { return 0 }
