package wgadd_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/wgadd"
	"github.com/concurlint/concurlint/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, wgadd.Analyzer) }
