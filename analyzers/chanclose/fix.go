package chanclose

import (
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// closeFix offers the close that is missing altogether.
func (s *subject) closeFix(d drain) *report.Fix { return nil }

// deferFix offers a deferred close in the goroutine that forgets it on a path.
func (s *subject) deferFix(t *model.Thread) *report.Fix { return nil }
