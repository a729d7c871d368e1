package locks

import (
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// A Hold is what a path through a function did to one lock so far, relative to
// what it was when the function was entered.
type Hold struct {
	Lock *Path

	Write int // 1: locked here; -1: unlocked though the caller locked it
	Read  int // the same for read locks, counted

	// Unknown is set where aliases, closures or code that cannot be seen may
	// have locked or unlocked it.
	Unknown bool

	// Weight says how much of it is held, or -1 was released, or is 0 where
	// that is not known.
	Weight int64

	// Site is the call that locked it, and ReadSite the one that read-locked it.
	Site, ReadSite ssa.Instruction

	// by is the function value that unlocks it, if a callee returned one.
	by ssa.Value

	// Inner is, where a callee left it locked, what that did.
	Inner *Hold
}

// Innermost returns the operation that took the lock, in whatever function.
func (h Hold) Innermost() ssa.Instruction {
	for h.Inner != nil {
		h = *h.Inner
	}
	return h.Taken()
}

// Held reports whether the lock is certainly held, and was taken here.
func (h Hold) Held() bool { return !h.Unknown && (h.Write > 0 || h.Read > 0) }

// Taken returns the call that took the lock.
func (h Hold) Taken() ssa.Instruction {
	if h.Write > 0 {
		return h.Site
	}
	return h.ReadSite
}

// A fact is what a branch or an assignment told about a value: that it is, or
// is not, equal to a constant.
type fact struct {
	path   *Path
	value  string // of the constant
	equal  bool
	origin ssa.Value       // computing it again makes the fact old; may be nil
	before ssa.Instruction // a Lock since then; others may have changed the value before it
}

// A state is what is known at one point of one path.
type state struct {
	holds  []Hold // sorted by lock
	facts  []fact // in the order of their discovery
	past   []Past // of counted locks that are not held
	defers *deferred
}

// A deferred call waits for the function's return.
type deferred struct {
	call *ssa.Defer
	next *deferred
	n    int
}

// maxFacts bounds what a path remembers of its branches, and maxDefers how many
// calls it defers.
const (
	maxFacts  = 16
	maxDefers = 12
)

// key tells states apart. Where a lock was taken makes no difference to how the
// path goes on.
func (s *state) key() string {
	b := make([]byte, 0, 64)
	for _, h := range s.holds {
		b = strconv.AppendInt(b, int64(h.Lock.id), 10)
		b = append(b, ':', byte('5'+h.Write), byte('5'+min(max(h.Read, -4), 4)))
		if h.Unknown {
			b = append(b, '?')
		}
		if h.Weight > 0 {
			b = strconv.AppendInt(append(b, '*'), h.Weight, 10)
		}
	}
	b = append(b, '|')
	facts := slices.Clone(s.facts)
	slices.SortFunc(facts, func(x, y fact) int {
		if x.path.id != y.path.id {
			return x.path.id - y.path.id
		}
		return compareStrings(x.value, y.value)
	})
	for _, f := range facts {
		b = strconv.AppendInt(b, int64(f.path.id), 10)
		if f.equal {
			b = append(b, '=')
		} else {
			b = append(b, '!')
		}
		b = append(b, f.value...)
		b = append(b, ';')
	}
	b = append(b, '|')
	for _, q := range s.past {
		b = strconv.AppendInt(b, int64(q.Lock.id), 10)
		b = strconv.AppendBool(b, q.Failed)
	}
	b = append(b, '|')
	for d := s.defers; d != nil; d = d.next {
		b = strconv.AppendInt(b, int64(d.call.Pos()), 10)
		b = append(b, ',')
	}
	return string(b)
}

func compareStrings(x, y string) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// clone returns a copy that can be changed on its own.
func (s *state) clone() *state {
	return &state{holds: slices.Clone(s.holds), facts: slices.Clone(s.facts), past: slices.Clone(s.past), defers: s.defers}
}

// hold returns what is known of a lock.
func (s *state) hold(p *Path) Hold {
	for _, h := range s.holds {
		if h.Lock == p {
			return h
		}
	}
	return Hold{Lock: p}
}

// set records what is known of a lock.
func (s *state) set(h Hold) {
	i, found := slices.BinarySearchFunc(s.holds, h, func(x, y Hold) int { return x.Lock.id - y.Lock.id })
	if h.Write == 0 && h.Read == 0 && !h.Unknown {
		if found {
			s.holds = slices.Delete(s.holds, i, i+1)
		}
		return
	}
	if found {
		s.holds[i] = h
		return
	}
	s.holds = slices.Insert(s.holds, i, h)
}

// doubt makes the locks unknown for which may holds.
func (s *state) doubt(may func(*Path) bool) {
	for i := range s.holds {
		if may(s.holds[i].Lock) {
			s.holds[i].Unknown = true
		}
	}
}

// learn adds a fact, and reports whether it agrees with what is known.
func (s *state) learn(f fact) bool {
	if equal, known := s.decide(f.path, f.value); known {
		return equal == f.equal
	}
	if len(s.facts) == maxFacts {
		s.facts = slices.Delete(s.facts, 0, 1)
	}
	s.facts = append(s.facts, f)
	return true
}

// decide returns whether the value at p equals a constant, if that is known.
func (s *state) decide(p *Path, value string) (equal, known bool) {
	for _, f := range s.facts {
		if f.path != p {
			continue
		}
		switch {
		case f.value == value:
			return f.equal, true
		case f.equal:
			return false, true // it equals another constant
		case isBool(value) && isBool(f.value):
			return true, true // not the one, so the other
		}
	}
	return false, false
}

func isBool(value string) bool { return value == "true" || value == "false" }

// forget drops the facts for which old holds.
func (s *state) forget(old func(fact) bool) {
	s.facts = slices.DeleteFunc(s.facts, old)
}
