package errgroupctx_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/errgroupctx"
	"github.com/concurlint/concurlint/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, errgroupctx.Analyzer) }

// What the bad fixtures claim comes true when they are run.
func TestProofs(t *testing.T) { checktest.Prove(t, "../../testdata/src/errgroupctx") }
