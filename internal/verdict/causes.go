package verdict

import (
	"slices"

	"github.com/concurlint/concurlint/internal/machine"
)

// A Knot is a set of stuck goroutines that wait for each other, or a single one
// that waits for nobody: the reason why others are stuck too.
type Knot []Stuck

// Knots returns the reasons for what is stuck. A goroutine that waits for one
// outside of its own knot is only a consequence, and in none of them.
func Knots(m *machine.Machine, stuck []Stuck) []Knot {
	next := make([][]int, len(stuck))
	reach := make([]*machine.Reach, len(stuck))
	ahead := make([]machine.Action, len(stuck))
	for i, s := range stuck {
		reach[i] = machine.NewReach()
		reach[i].Add(s.G)
		ahead[i] = m.Ahead(s.G)
	}
	for i, s := range stuck {
		for j, h := range stuck {
			if helps(s, h, i == j, reach[j], ahead[j]) {
				next[i] = append(next[i], j)
			}
		}
	}
	var knots []Knot
	for _, scc := range components(next) {
		if leaves(scc, next) {
			continue
		}
		slices.Sort(scc)
		var k Knot
		for _, i := range scc {
			k = append(k, stuck[i])
		}
		knots = append(knots, k)
	}
	slices.SortFunc(knots, func(a, b Knot) int { return a[0].G.ID - b[0].G.ID })
	return knots
}

// helps reports whether s would go on if h did: h would then do what s waits
// for.
func helps(s, h Stuck, same bool, reach *machine.Reach, ahead machine.Action) bool {
	op := s.Op
	switch op.Kind {
	case machine.OpLock, machine.OpRLock, machine.OpOnce:
		return holds(op.Prim, h.G) || op.Kind == machine.OpRLock && h.Op.Kind == machine.OpLock && h.Op.Prim == op.Prim && h.G.Parked
	}
	if same {
		return false
	}
	switch op.Kind {
	case machine.OpWait, machine.OpGroupWait, machine.OpGroupGo, machine.OpAcquire:
		return h.G.Counts() == op.Prim || reach.Prim(op.Prim) && ahead&machine.ActDone != 0
	case machine.OpCondWait:
		return reach.Prim(op.Prim) && ahead&machine.ActSignal != 0
	}
	for i, c := range op.Chans {
		want := machine.ActSend | machine.ActClose
		if op.Sends(i) {
			want = machine.ActReceive
		}
		if c.Context() != nil {
			want = machine.ActCancel
		}
		if ahead&want != 0 && reach.Chan(c) {
			return true
		}
	}
	return false
}

// holds reports whether a goroutine holds a lock.
func holds(p *machine.Prim, g *machine.Goroutine) bool {
	return p.Owner == g || slices.ContainsFunc(p.Readers, func(r machine.Reader) bool { return r.G == g })
}

// leaves reports whether an edge leads out of a component.
func leaves(scc []int, next [][]int) bool {
	for _, i := range scc {
		for _, j := range next[i] {
			if !slices.Contains(scc, j) {
				return true
			}
		}
	}
	return false
}

// components returns the strongly connected components of a small graph.
func components(next [][]int) [][]int {
	n := len(next)
	reaches := make([][]bool, n)
	for i := range n {
		reaches[i] = make([]bool, n)
		work := []int{i}
		for len(work) > 0 {
			j := work[len(work)-1]
			work = work[:len(work)-1]
			if reaches[i][j] {
				continue
			}
			reaches[i][j] = true
			work = append(work, next[j]...)
		}
	}
	var out [][]int
	done := make([]bool, n)
	for i := range n {
		if done[i] {
			continue
		}
		var scc []int
		for j := range n {
			if reaches[i][j] && reaches[j][i] {
				done[j] = true
				scc = append(scc, j)
			}
		}
		out = append(out, scc)
	}
	return out
}
