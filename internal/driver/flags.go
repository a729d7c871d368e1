package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// options are what the command line of a check asks for.
type options struct {
	patterns []string
	dir      string // where to run, empty for the current directory

	json, fix, diff, debug bool
	context                int // lines around a finding, negative for none

	toolFlags  []string // for the analyzers
	buildFlags []string // for the go command

	// selected and deselected say that a check was named by -NAME and
	// -NAME=false.
	selected, deselected bool
	// selfSelected says that the analyzer of the shared flags was among them.
	selfSelected bool

	help, version bool
}

// buildFlags are the flags of the go command that say which files make up a
// package, where its imports come from, and how the command works. Others
// concern what the compiler and the linker make of it.
var buildFlags = []struct {
	name, arg, usage string // a flag without arg is a boolean
}{
	{"a", "", "build and analyse everything again, whatever is in the cache"},
	{"asan", "", "as for go build -asan"},
	{"mod", "mode", "module download mode: readonly, vendor or mod"},
	{"modfile", "file", "use this file in place of go.mod"},
	{"msan", "", "as for go build -msan"},
	{"overlay", "file", "JSON file that replaces source files"},
	{"p", "n", "number of packages analysed in parallel"},
	{"race", "", "as for go build -race"},
	{"tags", "list", "comma-separated build tags"},
}

// A forward is a flag that is passed on as it is.
type forward struct {
	name    string
	boolean bool
	to      *[]string
	check   func(value string) error // may be nil
}

// IsBoolFlag reports whether the flag can stand without a value.
func (f *forward) IsBoolFlag() bool { return f.boolean }

// String returns the default value, none.
func (f *forward) String() string { return "" }

// Set passes the flag on. It returns an error if the value is not one of the
// flag's.
func (f *forward) Set(value string) error {
	if f.check != nil {
		if err := f.check(value); err != nil {
			return err
		}
	}
	*f.to = append(*f.to, "-"+f.name+"="+value)
	return nil
}

// checkBool returns an error for a value that is not a boolean.
func checkBool(value string) error {
	if _, err := strconv.ParseBool(value); err != nil {
		return errors.New("want true or false")
	}
	return nil
}

// flagSet returns the flags of a check, which write to o.
func (c *command) flagSet(o *options) *flag.FlagSet {
	fs := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.StringVar(&o.dir, "C", "", "")
	fs.IntVar(&o.context, "c", -1, "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.BoolVar(&o.version, "version", false, "")
	fs.BoolVar(&o.version, "V", false, "")
	if c.debugFlag() != "" {
		fs.BoolVar(&o.debug, "debug", false, "")
	}
	for _, f := range buildFlags {
		fs.Var(&forward{name: f.name, boolean: f.arg == "", to: &o.buildFlags}, f.name, "")
	}
	for _, a := range c.Analyzers {
		fs.Var(&forward{name: a.Name, boolean: true, to: &o.toolFlags, check: func(value string) error {
			return o.selectCheck(a.Name == c.Name, value)
		}}, a.Name, "")
		a.Flags.VisitAll(func(f *flag.Flag) {
			b, ok := f.Value.(interface{ IsBoolFlag() bool })
			fs.Var(&forward{
				name:    a.Name + "." + f.Name,
				boolean: ok && b.IsBoolFlag(),
				to:      &o.toolFlags,
				check:   f.Value.Set,
			}, a.Name+"."+f.Name, "")
		})
	}
	return fs
}

// selectCheck notes that a check, or the analyzer of the shared flags, was
// named with a value.
func (o *options) selectCheck(self bool, value string) error {
	if err := checkBool(value); err != nil {
		return err
	}
	if on, _ := strconv.ParseBool(value); on {
		o.selected = true
		o.selfSelected = o.selfSelected || self
	} else {
		o.deselected = true
	}
	return nil
}

// debugFlag returns the name of the flag that makes the analyzers tell about
// themselves, or "" if there is none.
func (p *Program) debugFlag() string {
	if a := p.analyzer(p.Name); a != nil && a.Flags.Lookup("debug") != nil {
		return a.Name + ".debug"
	}
	return ""
}

// analyzer returns the analyzer of that name, or nil.
func (p *Program) analyzer(name string) *analysis.Analyzer {
	for _, a := range p.Analyzers {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// parse returns the options that the command line stands for. The error is one
// line and names the flag.
func (c *command) parse(args []string) (*options, error) {
	o := new(options)
	fs := c.flagSet(o)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		o.help = true
		return o, nil
	} else if err != nil {
		return nil, c.flagError(fs, err)
	}
	o.patterns = fs.Args()
	for _, pattern := range o.patterns {
		if strings.HasPrefix(pattern, "-") {
			return nil, fmt.Errorf("flag %s stands after a package; flags come first", pattern)
		}
	}
	if len(o.patterns) == 0 {
		o.patterns = []string{"."}
	}
	if o.debug {
		o.toolFlags = append(o.toolFlags, "-"+c.debugFlag())
		if o.selected && !o.selfSelected {
			o.toolFlags = append(o.toolFlags, "-"+c.Name)
		}
	}
	return o, o.validate()
}

// validate returns an error if the options contradict each other.
func (o *options) validate() error {
	switch {
	case o.json && (o.fix || o.diff):
		return errors.New("-json cannot be combined with -fix or -diff")
	case o.context >= 0 && (o.json || o.diff):
		return errors.New("-c is for findings as text: it cannot be combined with -json or -diff")
	}
	if o.dir != "" {
		if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
			return fmt.Errorf("-C %s: no such directory", o.dir)
		}
	}
	return nil
}

// flagError makes one line of an error of package flag.
func (c *command) flagError(fs *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return fmt.Errorf("unknown flag -%s%s (see %s help)", name, didYouMean("-", name, names), c.Name)
}
