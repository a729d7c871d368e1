package checktest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/checktest"
)

// TestStubs compares the packages of golang.org/x/sync that fixtures import
// with the real ones, so that what is proven with them is true of those.
func TestStubs(t *testing.T) {
	root := checktest.ModuleRoot(t)
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sync").Output()
	module := strings.TrimSpace(string(out))
	if err != nil || module == "" {
		t.Skip("golang.org/x/sync is not in the module cache")
	}
	for _, name := range []string{"errgroup/errgroup.go", "semaphore/semaphore.go"} {
		real, err := os.ReadFile(filepath.Join(module, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		copied, err := os.ReadFile(filepath.Join(root, "testdata", "src", "golang.org", "x", "sync", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(real, copied) {
			t.Errorf("testdata/src/golang.org/x/sync/%s differs from %s: copy it", name, module)
		}
	}
}
