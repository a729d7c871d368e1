package zzfix

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/chanclose"
	"github.com/concurlint/concurlint/internal/checktest"
)

func TestFix(t *testing.T) { checktest.Run(t, chanclose.Analyzer) }
