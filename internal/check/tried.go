package check

import (
	"go/token"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/report"
)

// A Tried is what the explorer has shown of a package with a fix applied, in the
// functions that the fix changes and their callers. Positions are those before the
// fix.
type Tried struct {
	*engine.Trial
	Added []*explore.Problem // were no problems before

	wrong  map[token.Pos]bool
	itself bool
}

// StillWrong reports whether an operation goes wrong in some run.
func (t *Tried) StillWrong(pos token.Pos) bool { return t.wrong[pos] }

// ItselfWrong reports whether an operation that the fix has brought goes wrong in some
// run.
func (t *Tried) ItselfWrong() bool { return t.itself }

// Try applies a fix to the package in memory and explores it. It returns why it
// could not.
func (p *Pass) Try(eng *engine.Package, fix *report.Fix) (t *Tried, why string) {
	return p.try(eng, fix, false)
}

// TryPatient is like Try, but an operation is also wrong if it depends on unseen code
// to cancel a context.
func (p *Pass) TryPatient(eng *engine.Package, fix *report.Fix) (t *Tried, why string) {
	return p.try(eng, fix, true)
}

func (p *Pass) try(eng *engine.Package, fix *report.Fix, patient bool) (t *Tried, why string) {
	text, why := fix.Apply(p.Pass)
	if why != "" {
		return nil, why
	}
	var changes []engine.Change
	for _, e := range fix.InOrder() {
		changes = append(changes, engine.Change{Pos: e.Pos, End: max(e.Pos, e.End), New: e.New})
	}
	trial, err := eng.Try(p.Pass, changes, text)
	if err != nil {
		return nil, err.Error()
	}
	defer trial.Remove()
	after, ok := trial.Explored()
	if !ok {
		return nil, "the fixed package cannot be explored"
	}
	known := make(map[token.Pos]bool)
	for _, q := range eng.Explored().Problems {
		for _, pos := range q.Sites() {
			known[pos] = true
		}
	}
	t = &Tried{Trial: trial, wrong: make(map[token.Pos]bool)}
	for _, q := range after.Problems {
		if slices.ContainsFunc(q.Sites(), func(pos token.Pos) bool {
			old, ok := trial.Before(pos)
			return !ok || !known[old]
		}) {
			t.Added = append(t.Added, q)
		}
	}
	wrong := after.Wrong
	if patient {
		if wrong, ok = trial.Patient(); !ok {
			return nil, "the fixed package cannot be explored"
		}
	}
	for pos := range wrong {
		old, ok := trial.Before(pos)
		t.wrong[old] = true
		t.itself = t.itself || !ok
	}
	return t, ""
}

// tryLater makes a finding with a fix one whose fix is tried when it is reported. A
// fix that follows a rule needs no proof that it repairs, so where it cannot be tried,
// because it imports a package, or there are too many, it is offered all the same. It
// is not if the fixed package does not type-check, or if something goes wrong in it
// that the fix has brought: a panic, or an operation of the fix itself that blocks
// forever. That another one does may have been hidden before.
func (p *Pass) tryLater(eng *engine.Package, f *report.Finding) {
	fix := f.Fix
	if fix == nil || f.Repair != nil {
		return
	}
	f.Fix = nil
	f.Repair = func() *report.Fix {
		tried, why := p.Try(eng, fix)
		switch {
		case strings.HasPrefix(why, engine.Untypeable):
			p.Count("fix: " + why)
			return nil
		case tried == nil:
			return fix
		}
		for _, q := range tried.Added {
			harm := q.Crash != nil
			for _, pos := range q.Sites() {
				_, old := tried.Before(pos)
				harm = harm || !old
			}
			if harm {
				p.Count("fix: it brings another problem")
				return nil
			}
		}
		return fix
	}
}
