package checktest_test

import (
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
