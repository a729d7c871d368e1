package golangci

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestCommand runs the tests of the command, a module of its own: they build
// golangci-lint with the plugin and run it. The first time that takes some
// minutes, for golangci-lint and its dependencies have to be compiled, then half
// of one.
func TestCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("building golangci-lint and running it is too much for -short")
	}
	const dir = "cmd/golangci-lint"
	readAll(t, ".")
	readAll(t, "../../docs/drivers.md")
	list := exec.Command("go", "list", "-deps", "-test", "./...")
	list.Dir = dir
	if out, err := list.CombinedOutput(); err != nil {
		if cause := offline.Find(out); cause != nil {
			t.Skipf("golangci-lint is not in the module cache, and the module proxy does not answer: %s", cause)
		}
		t.Fatalf("go list: %v\n%s", err, out)
	}
	// Not out of the cache: package testing does not know that the tests there
	// depend on the checks.
	test := exec.Command("go", "test", "-count=1", "./...")
	test.Dir = dir
	out, err := test.CombinedOutput()
	if err != nil {
		t.Fatalf("go test in %s: %v\n%s", dir, err, out)
	}
	t.Logf("%s", bytes.TrimSpace(out))
}

// offline matches what the go command says about a module that it cannot get.
var offline = regexp.MustCompile(`.*(module lookup disabled|dial tcp|no such host|i/o timeout|connection refused|proxyconnect|server misbehaving|TLS handshake).*`)

// readAll reads the files below a folder, which makes them inputs of the test: go
// test takes the result out of its cache only if they have not changed.
func readAll(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		_, err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
