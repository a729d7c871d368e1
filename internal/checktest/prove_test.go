package checktest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/checktest"
)

// TestProve runs drives whose claims are true and, named driveFalse*, drives
// whose claims are not.
func TestProve(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs: skipped with -short")
	}
	gopath, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range checktest.ProveAll(t, gopath, filepath.Join(gopath, "src", "proofs")) {
		switch isFalse := strings.HasPrefix(name, "driveFalse"); {
		case isFalse && why == nil:
			t.Errorf("%s: a false claim is proven", name)
		case !isFalse && why != nil:
			t.Errorf("%s: %v", name, why)
		}
	}
}

func TestParseClaim(t *testing.T) {
	tests := []struct{ doc, want, err string }{
		{"claim: leak Merge\n", "leak Merge", ""},
		{"Merge leaks.\n\nclaim:  leak  Merge \n", "leak Merge", ""},
		{"claim: deadlock", "deadlock", ""},
		{"claim: deadlock Merge", "deadlock Merge", ""},
		{"claim: panic send on closed channel", "panic send on closed channel", ""},
		{"claim: spin Poll", "spin Poll", ""},
		{"claim: flood Poll", "flood Poll", ""},
		{"claim: race", "race", ""},
		{"claim: none", "none", ""},
		{"claim: leak", "", "says not which"},
		{"claim: panic", "", "says not which"},
		{"claim: spin", "", "says not which"},
		{"claim: flood", "", "says not which"},
		{"claim: none at all", "", "with argument"},
		{"claim: hang", "", "unknown claim"},
		{"it claims nothing", "", "no claim"},
		{"", "", "no claim"},
	}
	for _, test := range tests {
		got, err := checktest.ParseClaim(test.doc)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%q: error %v, want %q", test.doc, err, test.err)
			}
		} else if err != nil || got != test.want {
			t.Errorf("%q: got %q, %v", test.doc, got, err)
		}
	}
}

func TestInFunc(t *testing.T) {
	const stack = `goroutine 3 [chan receive (leaked)]:
chan/bad.(*Queue[...]).consume(...)
	/bad.go:25
chan/bad.Merge.func1.2({0x1, 0x2})
	/bad.go:27
chan/bad.mapAll[...](0x1)
	/bad.go:28
created by chan/bad.Start in goroutine 1
	/bad.go:19 +0xc9`
	for name, want := range map[string]bool{
		"Queue": true, "consume": true, "Queue.consume": true, "Merge": true, "mapAll": true,
		"Start": false, "Mer": false, "Que": false, "bad": false,
	} {
		if got := checktest.InFunc(stack, "chan/bad", name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if checktest.InFunc(stack, "chan/good", "Merge") {
		t.Error("frame of another package")
	}
}
