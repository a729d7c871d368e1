package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/concurlint/concurlint/internal/driver/drivertest"
)

// binDir contains the program, built once for all tests.
var binDir string

func TestMain(m *testing.M) {
	if store := os.Getenv(storeVariable); store != "" {
		if err := serveCache(store); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func buildAndRun(m *testing.M) (status int, err error) {
	binDir, err = os.MkdirTemp("", "concurlint")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(binDir)
	exe := filepath.Join(binDir, "concurlint")
	if filepath.Separator == '\\' {
		exe += ".exe"
	}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", exe, ".").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building the program: %v\n%s", err, out)
	}
	return m.Run(), nil
}

// TestScript runs the scripts in testdata/script/concurlint at the top of the
// module. What does not depend on the checks is tested by the scripts of package
// driver.
func TestScript(t *testing.T) {
	goEnv, err := drivertest.Env()
	if err != nil {
		t.Fatal(err)
	}
	// The module that patterns need, in the version that is in the cache.
	xsync, err := exec.Command("go", "list", "-m", "-f={{.Path}}@{{.Version}}", "golang.org/x/sync").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script/concurlint",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, goEnv...)
			e.Vars = append(e.Vars, "CONCURLINT="+filepath.Join(binDir, "concurlint"), "XSYNC="+strings.TrimSpace(string(xsync)), "SOURCE="+source)
			e.Setenv("PATH", binDir+string(filepath.ListSeparator)+e.Getenv("PATH"))
			return nil
		},
		RequireUniqueNames: true,
	})
}
