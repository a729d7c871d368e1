package driver

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestWriteFile: a file is complete or as it was before, and nothing else is left
// in its directory.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a b.json")
	fails := errors.New("disk is full")
	half := func(w io.Writer) error {
		io.WriteString(w, "ha")
		return fails
	}
	expect := func(want string) {
		t.Helper()
		if data, _ := os.ReadFile(name); string(data) != want {
			t.Errorf("got %q, want %q", data, want)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 1 || len(files) == 1 && want == "" {
			t.Errorf("left over: %v", files)
		}
	}
	if err := writeFile(name, half); !errors.Is(err, fails) {
		t.Error(err)
	}
	expect("")
	if err := checkWritable(name); err != nil {
		t.Error(err)
	}
	expect("")
	whole := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	if err := writeFile(name, whole("one")); err != nil {
		t.Error(err)
	}
	expect("one")
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(name, half); !errors.Is(err, fails) {
		t.Error(err)
	}
	expect("one")
	if err := writeFile(name, whole("two")); err != nil {
		t.Error(err)
	}
	expect("two")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0o040 && os.PathSeparator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
