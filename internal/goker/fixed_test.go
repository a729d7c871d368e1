package goker_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// fixedKernels is how many kernels of Goroot get a fix at least, and wellFixed the
// share of them that must leak nothing any more.
const (
	fixedKernels = 8
	wellFixed    = 0.9
)

// TestFixed applies all fixes to a copy of Goroot's programs, which must compile
// then, and runs the kernels that were changed: the leak profile that the runtime
// writes must show a leak before, in one of several runs, and none in any after.
func TestFixed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs: skipped with -short")
	}
	source := goroot(t)
	before, after := copyKernels(t, source), copyKernels(t, source)
	tool := filepath.Join(t.TempDir(), "concurlint")
	goCommand(t, "../..", "build", "-o", tool, "./cmd/concurlint")
	for range 3 { // a mistake that is mended may have hidden another one, as in moby17176
		goCommand(t, after, "vet", "-vettool="+tool, "-fix", "./...")
	}

	var names []string // of the changed kernels
	for _, path := range changedFiles(t, before, after) {
		if filepath.Dir(path) != "goker" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(after, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range registered.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	was, is := buildKernels(t, before), buildKernels(t, after)
	leaked, leaks := make([]bool, len(names)), make([]bool, len(names))
	var g errgroup.Group
	g.SetLimit(4)
	for i, name := range names {
		g.Go(func() error {
			leaked[i] = everLeaks(was, name, 20, true)
			leaks[i] = everLeaks(is, name, 5, false)
			return nil
		})
	}
	_ = g.Wait()
	seen, good := 0, 0
	for i, name := range names {
		switch {
		case !leaked[i]:
			t.Logf("%s leaks too seldom to see it", name)
			continue
		case leaks[i]:
			t.Logf("%s leaks after its fixes", name)
		default:
			good++
		}
		seen++
	}
	t.Logf("%d kernels got fixes, of %d the leak was seen, of %d it is gone: %s", len(names), seen, good, strings.Join(names, " "))
	if len(names) < fixedKernels {
		t.Errorf("%d kernels got fixes, want %d", len(names), fixedKernels)
	}
	if float64(good) < wellFixed*float64(seen) {
		t.Errorf("%d of %d fixed kernels leak nothing any more, want nine of ten", good, seen)
	}
}

// registered matches the name by which a kernel is started.
var registered = regexp.MustCompile(`register\("(\w+)"`)

// copyKernels makes a module of a copy of the programs.
func copyKernels(t *testing.T, source string) string {
	dir := filepath.Join(t.TempDir(), "kernels")
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "go.mod"), "module kernels\n\ngo 1.26\n")
	return dir
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOEXPERIMENT=goroutineleakprofile")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// changedFiles returns the Go files that differ between two copies.
func changedFiles(t *testing.T, before, after string) []string {
	var changed []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		paths, err := filepath.Glob(filepath.Join(before, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			rel, err := filepath.Rel(before, path)
			if err != nil {
				t.Fatal(err)
			}
			was, err1 := os.ReadFile(path)
			is, err2 := os.ReadFile(filepath.Join(after, rel))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if !slices.Equal(was, is) {
				changed = append(changed, rel)
			}
		}
	}
	return changed
}

// buildKernels builds all programs, and returns the one that runs the kernels.
func buildKernels(t *testing.T, dir string) string {
	binary := filepath.Join(t.TempDir(), "kernels")
	goCommand(t, dir, "build", "./...")
	goCommand(t, dir, "build", "-o", binary, "./goker")
	return binary
}

// everLeaks reports whether the profile shows a leak in one of several runs, or the
// program crashes or hangs. It may stop when that is clear.
func everLeaks(binary, name string, runs int, stop bool) bool {
	found := false
	for range runs {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		out, err := exec.CommandContext(ctx, binary, name).CombinedOutput()
		cancel()
		found = found || strings.Contains(string(out), "(leaked)") || err != nil
		if found && stop {
			break
		}
	}
	return found
}
