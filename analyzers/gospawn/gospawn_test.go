package gospawn_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/gospawn"
	"github.com/concurlint/concurlint/internal/checktest"
)

func Test(t *testing.T) { checktest.Run(t, gospawn.Analyzer) }
