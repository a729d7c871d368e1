package baseline_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/concurlint/concurlint/internal/driver/baseline"
)

func entry(check, module, file, function, code string) baseline.Entry {
	return baseline.Entry{Check: check, Module: module, File: file, Function: function, Code: code, Package: "p"}
}

// TestIdentify: what differs in one respect is another finding; spaces and order
// are no respect, and what is equal is counted.
func TestIdentify(t *testing.T) {
	list := []baseline.Entry{
		entry("a", "m", "f.go", "f", "x <- 1"),
		entry("b", "m", "f.go", "f", "x <- 1"),
		entry("a", "n", "f.go", "f", "x <- 1"),
		entry("a", "m", "g.go", "f", "x <- 1"),
		entry("a", "m", "f.go", "g", "x <- 1"),
		entry("a", "m", "f.go", "f", "x <- 2"),
		entry("a", "m", "f.go", "f", "\tx  <-\t1 "),
		entry("a", "m", "f.gof", "", "x <- 1"),
		entry("a", "mf.go", "", "f", "x <- 1"),
	}
	baseline.Identify(list)
	seen := make(map[string]int)
	for i, e := range list {
		if j, ok := seen[e.Fingerprint]; ok {
			t.Errorf("%d and %d have one fingerprint", i, j)
		}
		seen[e.Fingerprint] = i
	}
	if list[0].Occurrence != 0 || list[6].Occurrence != 2 || list[6].Code != "x <- 1" {
		t.Errorf("the second of two is %+v", list[6])
	}
	again := []baseline.Entry{entry("a", "m", "f.go", "f", " x <-  1")}
	baseline.Identify(again)
	if again[0].Fingerprint != list[0].Fingerprint {
		t.Error("spaces change the fingerprint")
	}
}

// TestRoundTrip: what was written is known, whatever its characters, and the file
// does not depend on the order.
func TestRoundTrip(t *testing.T) {
	list := []baseline.Entry{
		entry("a", "m", "b <dir>/\"f\".go", "T.f", `s := "</script>" // é`),
		entry("a", "m", "a.go", "", "new\nline"),
		entry("a", "m", "a.go", "f", "\xff"),
		entry("a", "m", "a.go", "f", "\xff"),
	}
	baseline.Identify(list)
	var one, two bytes.Buffer
	if err := baseline.Write(&one, list); err != nil {
		t.Fatal(err)
	}
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	if err := baseline.Write(&two, reversed); err != nil {
		t.Fatal(err)
	}
	if one.String() != two.String() {
		t.Errorf("%s\n%s", &one, &two)
	}
	name := filepath.Join(t.TempDir(), "base.json")
	if err := os.WriteFile(name, one.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	b, err := baseline.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if !b.Knows(e) {
			t.Errorf("%+v is not known", e)
		}
	}
	all := func(baseline.Entry) bool { return true }
	if stale := b.Stale(list, all); len(stale) != 0 {
		t.Errorf("stale: %v", stale)
	}
	if stale := b.Stale(list[:2], all); len(stale) != 2 {
		t.Errorf("stale: %v", stale)
	}
	if stale := b.Stale(nil, func(baseline.Entry) bool { return false }); len(stale) != 0 {
		t.Errorf("stale: %v", stale)
	}
}

// TestEmpty: a code base without findings has a baseline, too.
func TestEmpty(t *testing.T) {
	var out bytes.Buffer
	if err := baseline.Write(&out, nil); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "base.json")
	if err := os.WriteFile(name, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	b, err := baseline.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	if b.Knows(baseline.Entry{Fingerprint: "x"}) {
		t.Error("it knows something")
	}
}
