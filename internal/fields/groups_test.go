package fields_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/irtest"
)

// TestGroups: the groups of a package, by the line of their declaration, and what is
// done to them.
func TestGroups(t *testing.T) {
	p := irtest.Load(t, `package p
import ("context"; "sync"; "golang.org/x/sync/errgroup")
var global sync.WaitGroup
type T struct {
	wg sync.WaitGroup
	Shown sync.WaitGroup
	given *sync.WaitGroup
	own *errgroup.Group
	n int
}
func New(g *sync.WaitGroup) *T { return &T{given: g, own: new(errgroup.Group)} }
func (t *T) a() { t.wg.Add(1); t.Shown.Add(1); t.given.Add(1); t.own.Go(nil); global.Wait() }
func (t *T) b() { wait := t.wg.Wait; wait() }
func f(ctx context.Context) *sync.WaitGroup {
	var a, b sync.WaitGroup
	g, _ := errgroup.WithContext(ctx)
	p := &b
	func() { p.Wait(); g.Go(nil) }()
	return &a
}
`)
	var got []string
	for _, g := range fields.New(p.ProgramOfAll(t)).Groups() {
		text := fmt.Sprintf("line %d: %s", p.Fset.Position(g.Pos()).Line, describe(g.Var))
		if g.Exported {
			text += " exported"
		}
		got = append(got, text)
	}
	want := []string{
		"line 3: method@T.a",
		"line 5: method@T.a method@Wait$bound",
		"line 6: method@T.a exported",
		"line 7: method@T.a made leaks",
		"line 8: method@T.a made",
		"line 11: leaks",      // New's, which is in the field of line 8
		"line 15: leaks",      // a
		"line 15: method@f$1", // b
		"line 16: method@f$1 made",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
