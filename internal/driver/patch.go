package driver

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/driver/format"
)

// A filePatch is the part of a patch that concerns one file.
type filePatch struct {
	file  string // absolute path
	hunks string
}

// splitPatch splits what go vet -fix -diff prints by file. The headers of a
// file are "--- FILE (old)" and "+++ FILE (new)".
func splitPatch(patch string) []filePatch {
	var list []filePatch
	lines := slices.Collect(strings.Lines(patch))
	for i := 0; i < len(lines); i++ {
		if file, ok := patchHeader(lines[i:]); ok {
			list = append(list, filePatch{file: file})
			i++ // the second header
		} else if len(list) > 0 {
			list[len(list)-1].hunks += lines[i]
		}
	}
	return list
}

// patchHeader reports whether the lines start with the two headers of a file,
// and which. A hunk can contain a line that looks like one of them.
func patchHeader(lines []string) (file string, ok bool) {
	if len(lines) < 2 {
		return "", false
	}
	file, ok1 := strings.CutPrefix(lines[0], "--- ")
	file, ok2 := strings.CutSuffix(file, " (old)\n")
	return file, ok1 && ok2 && lines[1] == "+++ "+file+" (new)\n"
}

// writePatch prints a patch sorted by file, with paths relative to dir where
// that is shorter, as patch -p0 and git apply -p0 take them.
func writePatch(w io.Writer, dir string, patch []byte) {
	list := splitPatch(string(patch))
	slices.SortFunc(list, func(a, b filePatch) int { return cmp.Compare(a.file, b.file) })
	for _, p := range list {
		path := format.Short(dir, p.file)
		fmt.Fprintf(w, "--- %s\n+++ %s\n%s", path, path, p.hunks)
	}
}
