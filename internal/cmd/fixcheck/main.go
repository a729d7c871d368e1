// Command fixcheck applies all fixes to copies of modules and shows that they did
// no harm:
//
//	go run ./internal/cmd/fixcheck [-n] [-root DIR] DIR [PACKAGE...]
//
// It copies the module at DIR, or the larger tree at the folder that -root names, such
// as a workspace, and runs on the copy
//
//	go vet -vettool=concurlint -fix PACKAGE...
//
// Then each changed file must be as gofmt wants it if it was before, all packages
// must compile, with their tests, a second -fix must change nothing, and the tests of
// the changed packages that passed before must still pass. With -n it runs no tests.
//
// For the standard library, the tree is a Go installation, -root, and DIR its folder
// src: the go command of the copy is used for the copy then.
//
// The last line sums it up. The status is 1 if something is wrong.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var c fixCheck
	flag.BoolVar(&c.noTests, "n", false, "run no tests")
	flag.StringVar(&c.root, "root", "", "copy the tree at this folder, of which DIR is a part")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: fixcheck [-n] [-root DIR] DIR [PACKAGE...]")
		os.Exit(2)
	}
	c.patterns = flag.Args()[1:]
	if len(c.patterns) == 0 {
		c.patterns = []string{"./..."}
	}
	ok, err := c.run(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "fixcheck:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// A fixCheck is one run of the command.
type fixCheck struct {
	noTests  bool
	root     string
	patterns []string

	tool         string
	before, copy string // the folder, and its copy

	changed, tested, wrong int
}

func (c *fixCheck) run(dir string) (ok bool, err error) {
	tmp, err := os.MkdirTemp("", "fixcheck")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	c.tool = filepath.Join(tmp, "concurlint")
	if out, err := command(".", "go", "build", "-o", c.tool, "github.com/concurlint/concurlint/cmd/concurlint"); err != nil {
		return false, fmt.Errorf("%v\n%s", err, out)
	}
	if c.before, err = filepath.Abs(dir); err != nil {
		return false, err
	}
	root := c.before
	if c.root != "" {
		if root, err = filepath.Abs(c.root); err != nil {
			return false, err
		}
	}
	rel, err := filepath.Rel(root, c.before)
	if err != nil {
		return false, err
	}
	c.copy = filepath.Join(tmp, "tree", rel)
	if err := os.CopyFS(filepath.Join(tmp, "tree"), os.DirFS(root)); err != nil {
		return false, err
	}
	changed, err := c.fix()
	if err != nil {
		return false, err
	}
	c.changed = len(changed)
	c.compile(changed)
	c.test(changed)
	fmt.Printf("%s: %d files in %d packages changed, %d packages tested before and after, %d problems\n",
		c.before, c.changed, len(folders(changed)), c.tested, c.wrong)
	return c.wrong == 0, nil
}

// problem tells of something that a fix did wrong.
func (c *fixCheck) problem(format string, args ...any) {
	c.wrong++
	fmt.Printf(format+"\n", args...)
}

// fix applies the fixes, twice, and returns the files that are changed.
func (c *fixCheck) fix() (changed []string, err error) {
	args := append([]string{"vet", "-vettool=" + c.tool, "-fix"}, c.patterns...)
	if out, err := command(c.copy, "go", args...); err != nil {
		fmt.Printf("some packages could not be analysed: %v\n%s", err, out)
	}
	if changed, err = differing(c.before, c.copy); err != nil {
		return nil, err
	}
	once := make(map[string][]byte)
	for _, name := range changed {
		before, err1 := os.ReadFile(filepath.Join(c.before, name))
		after, err2 := os.ReadFile(filepath.Join(c.copy, name))
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		once[name] = after
		if isFormatted(before) && !isFormatted(after) {
			c.problem("%s: not gofmt-clean", name)
		}
		if out, _ := command(c.copy, "diff", "-u", filepath.Join(c.before, name), name); len(out) > 0 {
			fmt.Printf("%s", out)
		}
	}
	_, _ = command(c.copy, "go", args...)
	again, err := differing(c.before, c.copy)
	if err != nil {
		return nil, err
	}
	for _, name := range again {
		if after, err := os.ReadFile(filepath.Join(c.copy, name)); err != nil || !bytes.Equal(after, once[name]) {
			c.problem("%s: a second -fix changes it", name)
		}
	}
	return changed, nil
}

func isFormatted(src []byte) bool {
	formatted, err := format.Source(src)
	return err == nil && bytes.Equal(src, formatted)
}

// compile compiles all packages of the copy, and the tests of the changed ones.
func (c *fixCheck) compile(changed []string) {
	if len(changed) == 0 {
		return
	}
	if out, err := command(c.copy, "go", append([]string{"build"}, c.patterns...)...); err != nil {
		if _, before := command(c.before, "go", append([]string{"build"}, c.patterns...)...); before == nil {
			c.problem("it does not compile any more: %v\n%s", err, out)
		}
	}
	for _, dir := range folders(changed) {
		if out, err := command(c.copy, "go", "test", "-count=1", "-run=^$", dir); err != nil {
			if _, before := command(c.before, "go", "test", "-count=1", "-run=^$", dir); before == nil {
				c.problem("%s: its tests do not compile any more: %v\n%s", dir, err, out)
			}
		}
	}
}

// test runs the tests of the changed packages before and after, and counts those that
// passed before.
func (c *fixCheck) test(changed []string) {
	if c.noTests {
		return
	}
	for _, dir := range folders(changed) {
		run := func(in string) ([]byte, error) {
			return command(in, "go", "test", "-count=1", "-short", "-timeout=4m", dir)
		}
		if _, err := run(c.before); err != nil {
			fmt.Printf("%s: its tests fail as it is\n", dir)
			continue
		}
		c.tested++
		out, err := run(c.copy)
		for try := 0; err != nil && try < 2; try++ { // some tests are flaky
			out, err = run(c.copy)
		}
		if err != nil {
			c.problem("%s: its tests fail: %v\n%s", dir, err, out)
		}
	}
}

// folders returns the folders of files, as patterns of packages.
func folders(files []string) []string {
	var dirs []string
	for _, name := range files {
		dirs = append(dirs, "./"+filepath.ToSlash(filepath.Dir(name)))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// differing returns the names of the Go files that differ between two trees.
func differing(x, y string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(x, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() || !strings.HasSuffix(path, ".go") {
			return err
		}
		rel, err := filepath.Rel(x, path)
		if err != nil {
			return err
		}
		before, err1 := os.ReadFile(path)
		after, err2 := os.ReadFile(filepath.Join(y, rel))
		if !bytes.Equal(before, after) {
			names = append(names, rel)
		}
		return errors.Join(err1, err2)
	})
	return names, err
}

// command runs a command in a folder and returns what it prints.
func command(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir)
	if goroot := filepath.Dir(dir); name == "go" && filepath.Base(dir) == "src" {
		if own := filepath.Join(goroot, "bin", "go"); isFile(own) {
			cmd.Path, cmd.Err = own, nil
			cmd.Env = append(cmd.Env, "GOROOT="+goroot)
		}
	}
	return cmd.CombinedOutput()
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
