package goker

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// blocks matches Goat's annotation of an operation that blocks: blocks, or
// blocks(g) for a certain goroutine, or in an older form analysis(false). Behind
// it may stand that Goat itself does not find it (fn).
var blocks = regexp.MustCompile(`//\s?@.*\b(blocks\b|analysis\(false\))`)

// Annotate adds the lines that Goat's authors annotated as blocking to the lines
// of the entries below dir.
func Annotate(dir string, entries []Entry) error {
	for i := range entries {
		e := &entries[i]
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.File)))
		if err != nil {
			return err
		}
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			if blocks.MatchString(line) && !slices.Contains(e.Lines, n) {
				e.Lines = append(e.Lines, n)
			}
		}
	}
	return nil
}

// FixedKernels returns the fixed kernels of Goat below dir, as entries without
// lines.
func FixedKernels(dir string) ([]Entry, error) {
	var entries []Entry
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || !strings.HasSuffix(name, "_fixed") {
			return err
		}
		kernel, err := filepath.Rel(dir, name)
		if kernel = filepath.ToSlash(kernel); err == nil {
			entries = append(entries, Entry{Kernel: kernel, File: kernel + "/main.go", Class: "fixed"})
		}
		return err
	})
	return entries, err
}

// StillStuck reports whether a fixed kernel of Goat still has a bug: grpc/795
// locks twice, and in istio/17860 a send has no receiver once Run has returned.
func StillStuck(e Entry) bool {
	return e.Kernel == "blocking/grpc/795_fixed" || e.Kernel == "blocking/istio/17860_fixed"
}
