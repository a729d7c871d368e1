package locks_test

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/locks"
)

// tokens are channels: to send acquires, to receive releases.
var tokens = locks.Kind{
	Ops: func(instr ssa.Instruction) []locks.Op {
		switch instr := instr.(type) {
		case *ssa.Send:
			return []locks.Op{{On: instr.Chan, Read: true, Weight: 2}}
		case *ssa.UnOp:
			if instr.Op == token.ARROW {
				return []locks.Op{{Do: locks.Release, On: instr.X, Read: true}}
			}
		case *ssa.Select:
			var ops []locks.Op
			for i, s := range instr.States {
				op := locks.Op{On: s.Chan, Read: true, If: &locks.Outcome{Value: instr, Equals: strconv.Itoa(i)}}
				if s.Dir == types.RecvOnly {
					op.Do = locks.Release
				}
				ops = append(ops, op)
			}
			return ops
		case ssa.CallInstruction: // half(c) releases half of it
			if fn := instr.Common().StaticCallee(); fn != nil && fn.Name() == "half" {
				return []locks.Op{{Do: locks.Release, On: instr.Common().Args[0], Read: true, Weight: 1}}
			}
		}
		return nil
	},
	Releases: func(*types.Func) bool { return false },
	Handle:   func(t types.Type) bool { return false },
	Counted:  true,
}

// What is found in a function:
//
//   - a return with a token that is given back, or handed over, on another path
//     ~  one with a token that is not
//     ½  one with half of it
//     @  a turn of a loop leaves it to the next one
//     2  it is given back twice, or 0 though it was not taken
//     >> a goroutine gets it to give it back
func TestCounted(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"balanced", "s.c <- 1; <-s.c", ""},
		{"early return", "s.c <- 1; if cond() { return }; <-s.c", "+"},
		{"never", "s.c <- 1", "~"},
		{"two at a time", "s.c <- 1; s.c <- 1; <-s.c; <-s.c", ""},
		{"next turn", "for cond() { s.c <- 1; if cond() { continue }; <-s.c }", "@"},
		{"last turn", "for range n { s.c <- 1; if cond() { continue }; <-s.c }", "@"},
		{"deferred in a loop", "for range n { s.c <- 1; defer s.give() }", ""},
		{"batch", "for cond() { s.c <- 1 }; for cond() { <-s.c }", "@"},
		{"twice", "s.c <- 1; if cond() { <-s.c }; <-s.c", "2"},
		{"twice, by a callee", "s.c <- 1; defer s.give(); if cond() { <-s.c }", "2"},
		{"of the caller", "<-s.c; cond(); s.c <- 1", ""},
		{"in a select", "select { case s.c <- 1: <-s.c; default: }", ""},
		{"not in a select", "select { case s.c <- 1: default: }; <-s.c", "0"},
		{"in one select of two", "ok := false; select { case s.c <- 1: ok = true; default: }; if ok { <-s.c }", ""},
		{"by a callee that may fail", "if s.take() != nil { return }; if cond() { return }; <-s.c", "+"},
		{"by a callee that failed", "s.take(); <-s.c", "0"},
		{"half", "s.c <- 1; half(s.c)", "½"},
		{"both halves", "s.c <- 1; half(s.c); half(s.c)", ""},
		{"to a goroutine", "s.c <- 1; if cond() { return }; go s.give()", "+ >>"},
		{"to a group", "s.c <- 1; if cond() { return }; wg.Go(func() { <-s.c })", "+ >>"},
		{"to a goroutine, though not taken", "select { case s.c <- 1: default: }; go s.give()", "0 >>"},
		{"to a function that gets away", "s.c <- 1; if cond() { return }; call(func() { <-s.c })", "+"},
		{"to one that captures nothing", "g <- 1; if cond() { return }; call(func() { <-g })", "+"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := irtest.Load(t, `
type T struct{ c chan int }
var g chan int
func (s *T) give() { <-s.c }
func (s *T) take() error { select { case s.c <- 1: return nil; default: return errors.New("x") } }
func cond() bool { return len(os.Args) > 1 }
func half(c chan int) {}
func call(f func())
func (s *T) f(n int, wg *sync.WaitGroup, f func()) {
`+test.body+"\n}")
			for _, f := range locks.New(p.ProgramOfAll(t), tokens).Funcs() {
				if irtest.FuncName(f.Fn) == "T.f" {
					if got := describeCounted(f); got != test.want {
						t.Errorf("%s\ngot  %q\nwant %q", test.body, got, test.want)
					}
				}
			}
		})
	}
}

func describeCounted(f *locks.Func) string {
	var found []string
	add := func(s string) {
		if !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			switch {
			case !h.Held():
			case h.Weight == 1:
				add("½")
			case len(f.Pairs[h.Taken()]) > 0:
				add("+")
			default:
				add("~")
			}
		}
	}
	if len(f.Turns) > 0 {
		add("@")
	}
	for _, u := range f.Unmatched {
		if u.Past.Failed {
			add("0")
		} else {
			add("2")
		}
	}
	if len(f.Handovers) > 0 || len(f.Unmatched) > 0 && isGo(f.Unmatched[0].Release) {
		add(">>")
	}
	return strings.Join(found, " ")
}

func isGo(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Go)
	return ok
}
