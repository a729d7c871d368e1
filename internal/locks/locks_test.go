package locks_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/locks"
)

// describe returns what the analysis found in function f, in a short form:
//
//	+mu   returns with mu locked, if it unlocks it elsewhere;  ~mu  if it does not
//	++mu  locks mu while it is locked;  r for a read lock
//	!mu   unlocks mu by the wrong method
//	mu<nu takes nu while mu is locked
//	>mu   loses mu in a loop
func describe(a *locks.Analysis, f *locks.Func) string {
	found := make(map[string]bool)
	name := func(p *locks.Path) string {
		s := p.Steps(nil)
		return strings.Trim(strings.TrimPrefix(s, "*"), ".")
	}
	kind := func(read bool) string {
		if read {
			return "r"
		}
		return ""
	}
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			if !h.Held() {
				continue
			}
			sign := "~"
			if f.ReleasedBy[h.Lock] != nil {
				sign = "+"
			}
			found[sign+kind(h.Write == 0)+name(h.Lock)] = true
		}
	}
	for _, g := range f.Again {
		s := "++" + kind(g.Acquire.Read) + name(g.Held.Lock)
		if g.Acquire.Guarded {
			s = "(" + s + ")"
		}
		found[s] = true
	}
	for _, m := range f.Mismatches {
		found["!"+name(m.Held.Lock)] = true
	}
	for _, o := range f.Orders {
		found[name(o.Held.Lock)+"<"+name(o.Acquire.Lock)] = true
	}
	for _, l := range f.Lost {
		found[">"+name(l.Held.Lock)] = true
	}
	var out []string
	for s := range found {
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

var index = regexp.MustCompile(`\[@\d+\]`)

const decls = `
type T struct {
	mu, nu sync.Mutex
	rw     sync.RWMutex
	child  *T
	kids   []*T
	n      int
	ok     bool
	fixed  bool
}

func (s *T) lock()            { s.mu.Lock() }
func (s *T) unlock()          { s.mu.Unlock() }
func (s *T) window()          { s.mu.Unlock(); defer s.mu.Lock(); cond() }
func (s *T) inc()             { s.mu.Lock(); defer s.mu.Unlock(); s.n++ }
func (s *T) maybe(locked bool) { if !locked { s.mu.Lock(); defer s.mu.Unlock() }; s.n++ }
func (s *T) get() int         { s.rw.RLock(); defer s.rw.RUnlock(); return s.n }
func (s *T) with(f func())    { s.mu.Lock(); defer s.mu.Unlock(); f() }
func (s *T) begin() error     { s.mu.Lock(); if cond() { s.mu.Unlock(); return errors.New("x") }; return nil }
func (s *T) try() bool        { if cond() { s.mu.Lock(); return true }; return false }
func (s *T) hold() func()     { s.mu.Lock(); return s.mu.Unlock }
func (s *T) holdMethod() func() { s.mu.Lock(); return s.unlock }
func (s *T) down(n int)       { s.mu.Lock(); defer s.mu.Unlock(); if n > 0 { s.down(n - 1) } }
func (s *T) set()             { s.ok = cond(); s.child = nil }
func take(mu *sync.Mutex)     { mu.Lock(); defer mu.Unlock() }
func cond() bool              { return len(os.Args) > 1 }
func fail(s string)           { panic(s) }
func transfer(x, y *T) { x.mu.Lock(); defer x.mu.Unlock(); y.mu.Lock(); defer y.mu.Unlock() }
func call(f func())
var g sync.Mutex
`

var functions = []struct{ name, body, want string }{
	{"balanced", "s.mu.Lock(); s.n++; s.mu.Unlock()", ""},
	{"deferred", "s.mu.Lock(); defer s.mu.Unlock(); if cond() { return }; s.n++", ""},
	{"deferred in a literal", "s.mu.Lock(); defer func() { s.mu.Unlock() }(); if cond() { return }", ""},
	{"early return", "s.mu.Lock(); if cond() { return }; s.mu.Unlock()", "+mu"},
	{"early return, read lock", "s.rw.RLock(); if cond() { return }; s.rw.RUnlock()", "+rrw"},
	{"never unlocked", "s.mu.Lock()", "~mu"},
	{"panic", "s.mu.Lock(); if cond() { panic(1) }; s.mu.Unlock()", ""},
	{"a call that does not return", `s.mu.Lock(); if cond() { fail("x") }; s.mu.Unlock()`, ""},
	{"switch", "s.mu.Lock(); switch s.n { case 1: s.mu.Unlock(); case 2: default: s.mu.Unlock() }", "+mu"},
	{"select", "s.mu.Lock(); select { case <-c: return; default: }; s.mu.Unlock()", "+mu"},
	{"break", "for { s.mu.Lock(); if cond() { break }; s.mu.Unlock() }", "+mu"},
	{"continue", "for { s.mu.Lock(); if cond() { continue }; s.mu.Unlock() }", "++mu"},
	{"package-level", "g.Lock(); if cond() { return }; g.Unlock()", "+"},
	{"a parameter", "mu.Lock(); if cond() { return }; mu.Unlock()", "+"},

	{"same condition", "if b { s.mu.Lock() }; s.n++; if b { s.mu.Unlock() }", ""},
	{"same condition on a field", "if s.fixed { s.mu.Lock() }; s.n++; if s.fixed { s.mu.Unlock() }", ""},
	{"condition on a field that is assigned to", "if s.ok { s.mu.Lock() }; s.ok = cond(); if s.ok { s.mu.Unlock() }", "+mu"},
	{"condition on a field that a callee assigns to", "if s.ok { s.mu.Lock() }; s.set(); if s.ok { s.mu.Unlock() }", "+mu"},
	{"opposite conditions", "if !b { s.mu.Lock() }; s.n++; if !b { s.mu.Unlock() }", ""},
	{"other condition", "if b { s.mu.Lock() }; s.n++; if cond() { s.mu.Unlock() }", "+mu"},
	{"a flag", "held := false; if cond() { s.mu.Lock(); held = true }; s.n++; if held { s.mu.Unlock() }", ""},
	{"a flag in a literal", "var done bool; s.mu.Lock(); defer func() { if !done { s.mu.Unlock() } }(); if cond() { return }; s.mu.Unlock(); done = true", ""},
	{"a flag that is not set", "var done bool; s.mu.Lock(); defer func() { if done { s.mu.Unlock() } }(); if cond() { return }; done = true", "+mu"},
	{"checked twice", "if s.ok { return }; s.mu.Lock(); if s.ok { return }; s.mu.Unlock(); s.set()", "+mu"},
	{"comparison with a number", "if s.n == 1 { s.mu.Lock() }; if s.n == 1 { s.mu.Unlock() }", ""},

	{"TryLock", "if !s.mu.TryLock() { return }; s.mu.Unlock()", ""},
	{"TryLock, left", "if s.mu.TryLock() { if cond() { return }; s.mu.Unlock() }", "+mu"},
	{"TryLock of a held lock", "s.mu.Lock(); if s.mu.TryLock() { s.nu.Lock() }; s.mu.Unlock()", ""},
	{"TryLock and a variable", "ok := s.mu.TryLock(); s.n++; if ok { s.mu.Unlock() }", ""},

	{"double", "s.mu.Lock(); s.mu.Lock()", "++mu"},
	{"upgrade", "s.rw.RLock(); s.rw.Lock()", "++rw"},
	{"downgrade", "s.rw.Lock(); s.rw.RLock()", "++rrw"},
	{"recursive read", "s.rw.RLock(); s.rw.RLock(); s.rw.RUnlock(); s.rw.RUnlock()", "++rrw"},
	{"deferred Lock", "s.mu.Lock(); defer s.mu.Lock()", "++mu"},
	{"defer in a loop", "for range 3 { s.mu.Lock(); defer s.mu.Unlock() }", "++mu"},
	{"mismatch", "s.rw.RLock(); s.rw.Unlock()", "!rw"},
	{"mismatch, deferred", "s.rw.Lock(); defer s.rw.RUnlock()", "!rw"},
	{"two locks", "s.mu.Lock(); s.nu.Lock(); s.nu.Unlock(); s.mu.Unlock()", "mu<nu"},
	{"one after the other", "s.mu.Lock(); s.mu.Unlock(); s.nu.Lock(); s.nu.Unlock()", ""},

	{"callee locks", "s.mu.Lock(); s.inc(); s.mu.Unlock()", "++mu"},
	{"callee locks another object", "s.mu.Lock(); s.child.inc(); s.mu.Unlock()", "mu<child*.mu"},
	{"callee reads", "s.rw.RLock(); s.get(); s.rw.RUnlock()", "++rrw"},
	{"callee does not lock in this case", "s.mu.Lock(); s.maybe(true); s.mu.Unlock()", ""},
	{"callee locks in this case", "s.mu.Lock(); s.maybe(false); s.mu.Unlock()", "++mu"},
	{"callee locks in some cases", "s.mu.Lock(); s.maybe(b); s.mu.Unlock()", "(++mu)"},
	{"callee by parameter", "s.mu.Lock(); take(&s.mu); s.mu.Unlock()", "++mu"},
	{"callee with a literal", "s.with(func() { s.n++ })", ""},
	{"literal called at once", "s.mu.Lock(); func() { s.mu.Lock() }(); s.mu.Unlock()", "++mu"},
	{"callback of the library", "s.mu.Lock(); sort.Slice(s.kids, func(i, j int) bool { s.inc(); return i < j }); s.mu.Unlock()", "++mu"},
	{"once", "var o sync.Once; s.mu.Lock(); o.Do(s.inc); s.mu.Unlock()", "++mu"},
	{"recursion", "s.down(1)", ""},

	{"lock function", "s.lock(); if cond() { return }; s.unlock()", "+mu"},
	{"lock function, balanced", "s.lock(); s.n++; s.unlock()", ""},
	{"lock function that can fail", "if err := s.begin(); err != nil { return }; s.mu.Unlock()", ""},
	{"lock function that can fail, left", "if err := s.begin(); err != nil { return }; if cond() { return }; s.mu.Unlock()", "+mu"},
	{"lock function with a bool", "if s.try() { s.mu.Unlock() }", ""},
	{"a function that unlocks", "defer s.hold()(); s.n++", ""},
	{"a function that unlocks, in a variable", "f := s.hold(); s.n++; f()", ""},
	{"a method that unlocks", "f := s.holdMethod(); defer func() { f() }(); s.n++", ""},
	{"a method that unlocks, not called", "f := s.holdMethod(); if cond() { return }; f()", "+mu"},
	{"a function that unlocks, not called", "f := s.hold(); if cond() { return }; f()", "+mu"},
	{"a function that unlocks, handed on", "call(s.hold())", ""},
	{"a function that unlocks, in a literal", "f := s.hold(); defer func() { f() }(); s.n++", ""},
	{"the caller's lock", "s.mu.Unlock(); s.n++; s.mu.Lock()", ""},
	{"window in a callee", "s.mu.Lock(); s.window(); s.mu.Unlock()", ""},
	{"window under defer", "s.mu.Lock(); defer s.mu.Unlock(); s.mu.Unlock(); s.n++; s.mu.Lock()", ""},
	{"method values", "lock, unlock := s.mu.Lock, s.mu.Unlock; lock(); if cond() { return }; unlock()", "+mu"},

	{"goroutine unlocks", "s.mu.Lock(); go func() { defer s.mu.Unlock(); s.n++ }()", ""},
	{"callback unlocks", "s.mu.Lock(); call(func() { s.mu.Unlock() })", ""},
	{"address given away", "s.mu.Lock(); call2(&s.mu)", ""},
	{"Cleanup", "s.mu.Lock(); t.Cleanup(s.mu.Unlock)", ""},
	{"another pointer", "p := &s.mu; if b { p = &s.nu }; p.Lock(); s.mu.Unlock()", ""},
	{"child is replaced", "s.child.mu.Lock(); s.child = nil; s.child.mu.Unlock()", ""},
	{"lock is overwritten", "s.mu.Lock(); *s = T{}", ""},
	{"striped", "kids[i].mu.Lock(); if i != j { kids[j].mu.Lock(); kids[j].mu.Unlock() }; kids[i].mu.Unlock()", "[@]*.mu<[@]*.mu"},
	{"same index", "kids[i].mu.Lock(); kids[i].mu.Lock()", "++[@]*.mu"},
	{"all of them", "for _, k := range kids { k.mu.Lock() }; for _, k := range kids { k.mu.Unlock() }", ">[@]*.mu"},
	{"each of them", "for _, k := range kids { k.mu.Lock(); if cond() { continue }; k.mu.Unlock() }", ">[@]*.mu"},
	{"hand over hand", "p := s; p.mu.Lock(); for p.child != nil { q := p.child; q.mu.Lock(); p.mu.Unlock(); p = q }; p.mu.Unlock()", "*"},
	{"Locker", "var l sync.Locker = &s.mu; l.Lock(); if cond() { return }; l.Unlock()", "+mu"},
	{"RLocker", "l := s.rw.RLocker(); l.Lock(); l.Lock()", "++rrw ~rrw"},
	{"condition variable", "w := sync.NewCond(&s.mu); s.mu.Lock(); for b { w.Wait() }; if cond() { return }; s.mu.Unlock()", "+mu"},
	{"deferred Lock at the end of a test", "s.mu.Lock(); defer s.inc(); if cond() { t.Fatal() }; s.mu.Unlock()", "++mu"},
	{"two parameters, one object", "transfer(s, s)", "++mu"},
	{"goto", "retry: s.mu.Lock(); if cond() { goto retry }; s.mu.Unlock()", "++mu"},
	{"local lock", "var l sync.Mutex; l.Lock(); if cond() { return }; l.Unlock()", "+"},
	{"local lock in a loop", "for range 3 { var l sync.Mutex; l.Lock() }", "> ~"},
}

func TestFunctions(t *testing.T) {
	for _, test := range functions {
		t.Run(test.name, func(t *testing.T) {
			p := irtest.Load(t, decls+
				"func call2(mu *sync.Mutex)\nfunc (s *T) f(t *testing.T, b bool, i, j int, kids []*T, mu *sync.Mutex, c chan int) {\n"+test.body+"\n}")
			prog := p.ProgramOfAll(t)
			a := locks.New(prog, locks.Mutexes)
			got := ""
			for _, f := range a.Funcs() {
				if irtest.FuncName(f.Fn) == "T.f" {
					got = describe(a, f)
				}
			}
			got = index.ReplaceAllString(got, "[@]")
			if test.want != "*" && got != test.want {
				t.Errorf("%s\ngot  %q\nwant %q", test.body, got, test.want)
			}
			if len(a.GaveUp()) > 0 {
				t.Errorf("gave up %v", a.GaveUp())
			}
		})
	}
}

// What a function leaves locked for others is told from what it forgets.
func TestHandedOver(t *testing.T) {
	p := irtest.Load(t, `
type S struct{ own, begun, kept, exported, called sync.Mutex }
type Tx struct{ s *S }
func (s *S) Begin() *Tx { s.begun.Lock(); return &Tx{s} }
func (t *Tx) End() { t.s.begun.Unlock() }
func (s *S) Own() { s.own.Lock(); s.own.Unlock() }
func (s *S) lockKept() { s.kept.Lock() }
func (s *S) Use() { s.lockKept(); s.kept.Unlock() }
func (s *S) unlockCalled() { s.called.Unlock() }
func (s *S) Call() { s.called.Lock(); s.unlockCalled() }
func (s *S) UnlockExported() { s.exported.Unlock() }
`)
	prog := p.ProgramOfAll(t)
	a := locks.New(prog, locks.Mutexes)
	got := make(map[string]bool)
	for _, f := range a.Funcs() {
		for _, op := range a.Operations(f.Fn) {
			if a.UnlockedForOthers(op.Lock) {
				got[op.Lock.Var().Name()] = true
			}
		}
		if a.KeptForCaller(f.Fn) {
			got["kept by "+f.Fn.Name()] = true
		}
	}
	if want := "map[begun:true kept by lockKept:true]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// Stable paths go through pointers that are set once.
func TestStable(t *testing.T) {
	p := irtest.Load(t, `
type T struct{ mu sync.Mutex; once, often *T }
func New(t *T) *T { return &T{once: t, often: t} }
func (t *T) Set(u *T) { t.often = u }
func (t *T) Once() { t.once.mu.Lock() }
func (t *T) Often() { t.often.mu.Lock() }
func (t *T) Own() { t.mu.Lock() }
`)
	a := locks.New(p.ProgramOfAll(t), locks.Mutexes)
	for _, f := range a.Funcs() {
		for _, op := range a.Operations(f.Fn) {
			if got, want := a.Stable(op.Lock), f.Fn.Name() != "Often"; got != want {
				t.Errorf("%s: %t", f.Fn.Name(), got)
			}
		}
	}
}

// A goroutine may take over the lock of the function that starts it.
func TestHandovers(t *testing.T) {
	p := irtest.Load(t, `
type S struct{ mu sync.Mutex; f func() error }
func (s *S) given() { s.mu.Lock(); go func() { if s.f() != nil { return }; s.mu.Unlock() }() }
func (s *S) kept() { s.mu.Lock(); go func() { s.f() }(); s.mu.Unlock() }
func (s *S) byMethod() { s.mu.Lock(); go s.finish() }
func (s *S) finish() { s.mu.Unlock() }
`)
	var got []string
	for _, f := range locks.New(p.ProgramOfAll(t), locks.Mutexes).Funcs() {
		for _, h := range f.Handovers {
			got = append(got, irtest.FuncName(f.Fn)+" to "+irtest.FuncName(h.To))
		}
	}
	if want := []string{"S.given to S.given$1", "S.byMethod to S.finish"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A panic leaves the locks that no deferred call unlocks.
func TestPanics(t *testing.T) {
	p := irtest.Load(t, `
type S struct{ mu, nu sync.Mutex }
func (s *S) f(b bool) {
	s.mu.Lock()
	s.nu.Lock()
	defer s.nu.Unlock()
	if b { panic("b") }
	s.mu.Unlock()
}
`)
	for _, f := range locks.New(p.ProgramOfAll(t), locks.Mutexes).Funcs() {
		if len(f.Panics) != 1 || f.Panics[0].Held.Lock.Var().Name() != "mu" {
			t.Errorf("got %v", f.Panics)
		}
	}
}
