package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/internal/driver/drivertest"
)

// TestNeovim has Neovim, without a screen, use the language server: another
// client than the one of the other tests, and one that people use.
func TestNeovim(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Neovim and analyses a module")
	}
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("Neovim is not installed: apt-get install neovim")
	}
	dir := writeEditorModule(t)
	work := filepath.Join(dir, "work", "work.go")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, nvim, "--headless", "-u", "NONE", "-i", "NONE", "-c", "luafile testdata/nvim.lua")
	env, err := drivertest.Env()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(append(os.Environ(), env...), "PROGRAM="+filepath.Join(binDir, "concurlint"), "DIR="+dir, "FILE="+work,
		"XDG_STATE_HOME="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir()) // where it keeps logs
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(work)
	if err != nil || !strings.Contains(string(data), "\t\twg.Go(func() {\n\t\t\tf()\n\t\t})\n") {
		t.Errorf("the file after the fix: %v\n%s", err, data)
	}
}
