package zzfix

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/chanclose"
	"github.com/concurlint/concurlint/internal/check"
)

func TestShow(t *testing.T) {
	if os.Getenv("SHOW") == "" {
		t.Skip()
	}
	dir, _ := filepath.Abs("../../../testdata")
	var dirs []string
	es, _ := os.ReadDir(filepath.Join(dir, "src/chanclose"))
	for _, e := range es {
		if e.IsDir() && strings.Contains(e.Name(), os.Getenv("DIR")) {
			dirs = append(dirs, "chanclose/"+e.Name())
		}
	}
	n, f := 0, 0
	for _, r := range analysistest.Run(t, dir, chanclose.Analyzer, dirs...) {
		if c, ok := r.Result.(*check.Result); ok && len(c.Counts) > 0 {
			fmt.Println(c.Counts)
		}
		for _, d := range r.Diagnostics {
			n++
			p := r.Action.Package.Fset.Position(d.Pos)
			fmt.Printf("%s:%d: %s\n", filepath.Base(filepath.Dir(p.Filename))+"/"+filepath.Base(p.Filename), p.Line, d.Message)
			if len(d.SuggestedFixes) == 0 {
				fmt.Println("   -- no fix")
			}
			for _, fx := range d.SuggestedFixes {
				f++
				fmt.Println("   ++", fx.Message)
				for _, e := range fx.TextEdits {
					fmt.Printf("     %d-%d %q\n", r.Action.Package.Fset.Position(e.Pos).Line, r.Action.Package.Fset.Position(e.End).Line, e.NewText)
				}
			}
		}
	}
	fmt.Println(n, "diagnostics", f, "fixes")
}
