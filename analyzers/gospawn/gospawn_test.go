package gospawn_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/gospawn"
	"github.com/concurlint/concurlint/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, gospawn.Analyzer) }

// What the bad fixtures claim comes true when they are run.
func TestProofs(t *testing.T) { checktest.Prove(t, "../../testdata/src/gospawn") }
