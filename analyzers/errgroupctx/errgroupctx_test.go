package errgroupctx_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/errgroupctx"
	"github.com/concurlint/concurlint/internal/checktest"
)

func TestFixtures(t *testing.T) { checktest.Run(t, errgroupctx.Analyzer) }

func TestProof(t *testing.T) { checktest.Prove(t, "../../testdata/src/errgroupctx") }
