package checktest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/checktest"
)

// fixedDrives is how many fixtures at least are run, fixed by the real command and
// run again.
const fixedDrives = 120

// TestFixedProofs applies the fixes of all checks to their fixtures.
func TestFixedProofs(t *testing.T) {
	if n := checktest.ProveFixed(t, checktest.ModuleRoot(t)); n < fixedDrives {
		t.Errorf("%d fixtures were fixed and run, want %d", n, fixedDrives)
	}
}

// TestCompareRuns has a fix that repairs the code, one that only seems to, one that
// changes what is printed, and one of what was not broken.
func TestCompareRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs: skipped with -short")
	}
	const (
		source = `package bad

func Repaired() int { return send(SIZE) }

func Leaking() int { return send(0) }

func Other() int { return send(SIZE) + SIZE }

func Never() int { return send(1) }

func send(size int) int {
	c := make(chan int, size)
	go func() { c <- 1 }()
	return 7
}
`
		proof = `//go:build proof

package bad

// claim: leak send
func driveRepaired() { Repaired() }

// claim: leak send
func driveLeaking() { Leaking() }

// claim: leak send
func driveOther() { Other() }

// claim: leak send
func driveNever() { Never() }
`
	)
	write := func(size string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"go.mod":         "module fixtures\n\ngo 1.26\n",
			"c/bad/bad.go":   strings.ReplaceAll(source, "SIZE", size),
			"c/bad/proof.go": proof,
		} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	whys := checktest.CompareRuns(t, write("0"), write("1"))
	for name, want := range map[string]string{
		"driveRepaired": "",
		"driveLeaking":  "after the fixes: a goroutine is leaked",
		"driveOther":    "output before the fixes:\nproof: 7\n\nand after:\nproof: 8",
		"driveNever":    "before the fixes: claim \"leak send\": no goroutine in send is leaked",
	} {
		switch err := whys[name]; {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestNotRun makes sure that the fixtures that claim a leak, deadlock, race or panic
// are run, and that the others say why they are not.
func TestNotRun(t *testing.T) {
	src := filepath.Join(checktest.ModuleRoot(t), "testdata", "src")
	for _, pattern := range []string{"*/bad*", "*/fix*"} {
		dirs, err := filepath.Glob(filepath.Join(src, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			if _, err := os.Stat(filepath.Join(dir, "proof.go")); err == nil {
				continue
			}
			files, err := filepath.Glob(filepath.Join(dir, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(files, func(name string) bool {
				text, err := os.ReadFile(name)
				return err == nil && strings.Contains(string(text), "\n// Not run: ")
			}) {
				t.Errorf("%s: no proof.go, and no comment \"// Not run: ...\" says why", dir)
			}
		}
	}
}
