package adopt_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/driver/adopt"
)

// pattern returns a pattern as Write takes it.
func pattern() adopt.Pattern {
	return adopt.Pattern{
		Name:   "pool",
		Path:   "example.com/lib/pool",
		Source: []byte("package pool\n"),
		Test:   []byte("package pool_test\n\nimport _ \"example.com/lib/pool\"\n"),
		Go:     "1.21",
		TestGo: "1.22",
	}
}

// newModule returns a directory with a go.mod.
func newModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// contents returns the paths below a directory.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		if rel, relErr := filepath.Rel(dir, name); relErr == nil {
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

// TestNothingIsLeft makes Write fail at each of its steps that change something.
func TestNothingIsLeft(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("nothing is unwritable here")
	}
	t.Run("directory", func(t *testing.T) {
		dir := newModule(t)
		unwritable(t, dir)
		_, err := adopt.Write(pattern(), filepath.Join(dir, "a", "b"))
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("err = %v", err)
		}
		if got := contents(t, dir); got != ". go.mod" {
			t.Errorf("left behind: %s", got)
		}
	})
	t.Run("file", func(t *testing.T) {
		dir := newModule(t)
		sub := filepath.Join(dir, "sub")
		if err := os.Mkdir(sub, 0o777); err != nil {
			t.Fatal(err)
		}
		unwritable(t, sub)
		_, err := adopt.Write(pattern(), sub)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("err = %v", err)
		}
		if got := contents(t, dir); got != ". go.mod sub" {
			t.Errorf("left behind: %s", got)
		}
	})
}

// unwritable makes a directory unwritable until the test ends.
func unwritable(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o777) })
}

// TestSecondFileFails has the second file fail after the first one is written,
// through a name that is too long for it only.
func TestSecondFileFails(t *testing.T) {
	dir := newModule(t)
	p := pattern()
	p.Name = strings.Repeat("x", 255-len(".go")) // the longest file name in common file systems
	if err := os.WriteFile(filepath.Join(dir, p.Name+".go"), nil, 0o666); err != nil {
		t.Skipf("no such long names here: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, p.Name+".go")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, p.Name+"_test.go"), nil, 0o666); err == nil {
		t.Skip("longer names are possible")
	}
	if _, err := adopt.Write(p, filepath.Join(dir, "a", "b")); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("err = %v", err)
	}
	if got := contents(t, dir); got != ". go.mod" {
		t.Errorf("left behind: %s", got)
	}
}

// TestOthersFilesStay checks that what was there before a failure is there after
// it.
func TestOthersFilesStay(t *testing.T) {
	dir := newModule(t)
	test := filepath.Join(dir, "pool", "pool_test.go")
	if err := os.Mkdir(filepath.Dir(test), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(test, []byte("package pool\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := adopt.Write(pattern(), filepath.Dir(test)); err == nil {
		t.Error("no error")
	}
	if got := contents(t, dir); got != ". go.mod pool pool/pool_test.go" {
		t.Errorf("contents: %s", got)
	}
	if data, err := os.ReadFile(test); string(data) != "package pool\n" {
		t.Errorf("overwritten: %q, %v", data, err)
	}
}

// TestWrongTest checks that a test which is none of the pattern's is not written.
func TestWrongTest(t *testing.T) {
	for _, test := range []string{"", "package pool_test\n", "package pool_test\n\nimport _ \"example.com/lib/pool/v2\"\n"} {
		dir := newModule(t)
		p := pattern()
		p.Test = []byte(test)
		if _, err := adopt.Write(p, filepath.Join(dir, "pool")); err == nil {
			t.Errorf("no error for %q", test)
		}
		if got := contents(t, dir); got != ". go.mod" {
			t.Errorf("left behind: %s", got)
		}
	}
}

// TestOnlyImportChanges checks that comments and other imports stay as they are.
func TestOnlyImportChanges(t *testing.T) {
	const before = `// Package pool_test tests example.com/lib/pool.
package pool_test

import (
	"testing" // for tests

	pool "example.com/lib/pool" // "example.com/lib/pool"
	_ "example.com/zoo"
)

// "example.com/lib/pool"
var path = "example.com/lib/pool"
`
	dir := newModule(t)
	p := pattern()
	p.Test = []byte(before)
	if _, err := adopt.Write(p, filepath.Join(dir, "x")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "x", "pool_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(before, `pool "example.com/lib/pool" //`, `pool "example.com/m/x" //`, 1)
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
