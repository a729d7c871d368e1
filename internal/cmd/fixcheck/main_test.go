package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun has a module whose test counts how often a function is called, and passes
// with the fix.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs: skipped with -short")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"m.go": `package m

import "sync"

func All(n int, f func()) {
	var wg sync.WaitGroup
	for range n {
		go func() {
			wg.Add(1)
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}
`,
		"m_test.go": "package m\n\nimport \"testing\"\n\nfunc Test(t *testing.T) { All(3, func() {}) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c := fixCheck{patterns: []string{"./..."}}
	ok, err := c.run(dir)
	if err != nil || !ok {
		t.Fatalf("%t, %v", ok, err)
	}
	if c.changed != 1 || c.tested != 1 {
		t.Errorf("%d files changed and %d packages tested, want 1 and 1", c.changed, c.tested)
	}
	text, err := os.ReadFile(filepath.Join(dir, "m.go"))
	if err != nil || !strings.Contains(string(text), "wg.Add(1)") {
		t.Errorf("the module itself is changed: %s", text)
	}
}
