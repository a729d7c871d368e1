package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/driver/baseline"
	"github.com/concurlint/concurlint/internal/driver/format"
)

// options are what the command line of a check asks for.
type options struct {
	patterns []string
	dir      string // where to run, empty for the current directory

	json, fix, diff, debug, stats bool
	context                       int // lines around a finding, negative for none

	format, output          string             // the file is relative to dir
	baseline, writeBaseline string             // files, relative to dir
	known                   *baseline.Baseline // the content of the former

	toolFlags  []string // for the analyzers
	buildFlags []string // for the go command

	// checks are those that were named by -NAME and -NAME=false. If there is
	// one of the former, selected, only those run.
	checks   map[string]bool
	selected bool

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
	fs.StringVar(&o.format, "format", "", "")
	fs.Var(fileFlag{&o.output}, "o", "")
	fs.Var(fileFlag{&o.baseline}, "baseline", "")
	fs.Var(fileFlag{&o.writeBaseline}, "write-baseline", "")
	fs.BoolVar(&o.stats, "stats", false, "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.BoolVar(&o.version, "version", false, "")
	fs.BoolVar(&o.version, "V", false, "")
	if c.sharedFlag("debug") != "" {
		fs.BoolVar(&o.debug, "debug", false, "")
	}
	for _, f := range buildFlags {
		fs.Var(&forward{name: f.name, boolean: f.arg == "", to: &o.buildFlags}, f.name, "")
	}
	for _, a := range c.Analyzers {
		fs.Var(&forward{name: a.Name, boolean: true, to: &o.toolFlags, check: func(value string) error {
			return o.selectCheck(a.Name, value)
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

// selectCheck notes that a check was named with a value.
func (o *options) selectCheck(name, value string) error {
	if err := checkBool(value); err != nil {
		return err
	}
	on, _ := strconv.ParseBool(value)
	o.selected = o.selected || on
	if o.checks == nil {
		o.checks = make(map[string]bool)
	}
	o.checks[name] = on
	return nil
}

// sharedFlag returns the full name of a flag that concerns all analyzers, or ""
// if there is none: "debug" makes them tell about themselves, and "trace" attach
// the traces of their findings (package trace).
func (p *Program) sharedFlag(name string) string {
	if a := p.analyzer(p.Name); a != nil && a.Flags.Lookup(name) != nil {
		return a.Name + "." + name
	}
	return ""
}

// runs reports whether a check was asked for.
func (o *options) runs(name string) bool {
	on, named := o.checks[name]
	return on || !named && !o.selected
}

// path returns the path of a file that the command line names.
func (o *options) path(name string) string { return absolute(o.dir, name) }

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
	if err := o.validate(); err != nil {
		return nil, err
	}
	c.addSharedFlags(o)
	return o, nil
}

// addSharedFlags asks the analyzers for what the options need besides findings.
func (c *command) addSharedFlags(o *options) {
	if debug := c.sharedFlag("debug"); debug != "" && (o.debug || o.stats) {
		o.toolFlags = append(o.toolFlags, "-"+debug)
		if o.selected && !o.checks[c.Name] {
			o.toolFlags = append(o.toolFlags, "-"+c.Name)
		}
	}
	// Not where it is of no use: then the results in the cache are those of
	// go vet, too.
	if traces := c.sharedFlag("trace"); traces != "" && slices.Contains([]string{"json", "sarif", "html"}, o.format) {
		o.toolFlags = append(o.toolFlags, "-"+traces)
	}
}

// validate returns an error if the options make no sense, and fills in what
// they leave open.
func (o *options) validate() error {
	if o.dir != "" {
		if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
			return fmt.Errorf("-C %s: no such directory", o.dir)
		}
	}
	if err := o.contradiction(); err != nil {
		return err
	}
	if o.format == "" {
		o.format = "text"
	}
	if !slices.Contains(format.Names(), o.format) {
		return fmt.Errorf("unknown -format %s%s (there are %s)", o.format,
			didYouMean("", o.format, format.Names()), strings.Join(format.Names(), ", "))
	}
	if o.baseline != "" {
		known, err := baseline.Read(o.path(o.baseline))
		if err != nil {
			return err
		}
		o.known = known
	}
	for _, name := range []string{o.output, o.writeBaseline} {
		if name != "" && name != "-" {
			if err := checkWritable(o.path(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// contradiction returns an error if two options exclude each other.
func (o *options) contradiction() error {
	switch {
	case o.json && (o.fix || o.diff):
		return errors.New("-json cannot be combined with -fix or -diff")
	case o.format != "" && (o.json || o.diff):
		return errors.New("-format cannot be combined with -json or -diff")
	case o.context >= 0 && (o.json || o.diff || o.format != "" && o.format != "text"):
		return errors.New("-c is for findings as text: it cannot be combined with -json, -diff or another -format")
	case o.writeBaseline != "" && (o.baseline != "" || o.output != "" || o.json || o.diff || o.format != ""):
		return errors.New("-write-baseline prints no findings: it cannot be combined with -baseline, -o, -format, -json or -diff")
	case o.diff && (o.baseline != "" || o.stats):
		return errors.New("-diff looks for no findings: it cannot be combined with -baseline or -stats")
	}
	return nil
}

// overlay returns the file that -overlay names, or "".
func (o *options) overlay() string {
	name := ""
	for _, f := range o.buildFlags {
		if value, ok := strings.CutPrefix(f, "-overlay="); ok {
			name = value
		}
	}
	return name
}

// A fileFlag is a flag whose value is the name of a file.
type fileFlag struct{ name *string }

// String returns the default value, none.
func (fileFlag) String() string { return "" }

// Set sets the name. It returns an error if it is empty.
func (f fileFlag) Set(value string) error {
	if value == "" {
		return errors.New("want a file")
	}
	*f.name = value
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
