package gocmd

import (
	"bytes"
	"cmp"
	"reflect"
	"testing"
)

func TestFailures(t *testing.T) {
	const stderr = `a/a_test.go:2:8: no required module provides package example.com/x; to add it:
	go get example.com/x
# example.com/m/b
b/b.go:2:23: undefined: x
b/b.go:3:23: undefined: y
# example.com/m/c_test
# [example.com/m/c_test]
tool: ./c_test.go:2:13: undefined: z
# example.com/m/d [example.com/m/d.test]
panic: oh

goroutine 1 [running]:
main.main()
`
	want := []Failure{
		{Message: "a/a_test.go:2:8: no required module provides package example.com/x; to add it: go get example.com/x"},
		{Package: "example.com/m/b", Message: "b/b.go:2:23: undefined: x", skipsDependents: true},
		{Package: "example.com/m/c_test", Message: "c_test.go:2:13: undefined: z"},
		{Package: "example.com/m/d", Message: "example.com/m/d: panic: oh"},
	}
	if got := failures(stderr, false, "/bin/tool"); !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%+v\nwant:\n%+v", got, want)
	}
	if got := failures("", false, "/bin/tool"); len(got) != 1 {
		t.Errorf("failure without a message: got %+v, want one failure", got)
	}
	if got := failures("", true, "/bin/tool"); len(got) != 0 {
		t.Errorf("no failure: got %+v", got)
	}
}

func TestStderrWriter(t *testing.T) {
	var notes bytes.Buffer
	w := &stderrWriter{notes: &notes}
	for _, part := range []string{"go: downl", "oading a v1\ngo: warning: \"x/...\" matched no packages\n# p\n", "p.go:1:1: x\ngo: warning: odd\nla", "st"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
	}
	w.flush()
	if got, want := notes.String(), "go: downloading a v1\ngo: warning: odd\n"; got != want {
		t.Errorf("notes: got %q, want %q", got, want)
	}
	if got, want := w.kept.String(), "go: warning: \"x/...\" matched no packages\n# p\np.go:1:1: x\nlast\n"; got != want {
		t.Errorf("kept: got %q, want %q", got, want)
	}
}

func TestSplitPosn(t *testing.T) {
	for _, test := range []struct {
		posn, file   string
		line, column int
		ok           bool
	}{
		{"/a/b.go:3:4", "/a/b.go", 3, 4, true},
		{`C:\a\b.go:3:4`, `C:\a\b.go`, 3, 4, true},
		{"a:1.go:3:4", "a:1.go", 3, 4, true},
		{"/a/b.go:3", "", 0, 0, false},
		{"-", "", 0, 0, false},
		{"", "", 0, 0, false},
	} {
		file, line, column, ok := SplitPosn(test.posn)
		if ok != test.ok {
			t.Errorf("SplitPosn(%q) = %t, want %t", test.posn, ok, test.ok)
		}
		if ok && (file != test.file || line != test.line || column != test.column) {
			t.Errorf("SplitPosn(%q) = %q, %d, %d", test.posn, file, line, column)
		}
	}
}

func TestComparePosn(t *testing.T) {
	ordered := []string{"a.go:4:2", "a.go:4:10", "a.go:10:1", "b.go:1:1"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got, want := ComparePosn(a, b), cmp.Compare(i, j); got != want {
				t.Errorf("ComparePosn(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}
