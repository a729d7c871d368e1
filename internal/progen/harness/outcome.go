package harness

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Outcome is a way in which runs of a function ended.
type Outcome struct {
	Func     string
	Count    int    // of the runs
	Example  string // one of them: its arguments and seed
	N        int    // the third argument of all of them
	Returned bool   // the function itself came to its end

	Stuck  []int // lines on which goroutines are blocked for ever
	Leaked []int // those that the runtime's leak profile has

	Crash   string // the panic that ended the run
	Line    int    // where
	Endless bool   // the run used up its statements

	Reached []int // lines on which a statement was begun, in any of the runs; none after a panic
}

// IsBad reports whether something went wrong in the runs.
func (o Outcome) IsBad() bool { return len(o.Stuck) > 0 || o.Crash != "" }

// tally gathers the runs.
type tally struct{ runs map[string]*Run }

// outcomes waits until no goroutine goes on any more and sums up.
func (t *tally) outcomes() []Outcome {
	var stuck map[string][]int
	for settled := false; !settled; {
		time.Sleep(20 * time.Millisecond)
		stuck, settled = blocked("goroutine")
	}
	leaked, _ := blocked("goroutineleak")
	sums := make(map[string]*Outcome)
	for label, r := range t.runs {
		name, rest, _ := strings.Cut(label, " ")
		o := Outcome{Func: name, Example: rest, N: r.n, Returned: r.returned.Load(), Stuck: lines(stuck[label]), Leaked: lines(leaked[label]),
			Crash: r.crash, Line: r.line, Endless: r.endless.Load()}
		if o.Crash != "" {
			o.Stuck, o.Leaked, o.Returned = nil, nil, false
		}
		key := fmt.Sprint(o.Func, o.N, o.Returned, o.Stuck, o.Leaked, o.Crash, o.Line, o.Endless)
		if sums[key] == nil {
			sums[key] = &o
		}
		sums[key].Count++
		if o.Crash == "" { // else some were reached after the end of the process
			sums[key].Reached = lines(append(sums[key].Reached, r.reached()...))
		}
		sums[key].Example = min(sums[key].Example, rest)
	}
	var all []Outcome
	for _, o := range sums {
		all = append(all, *o)
	}
	slices.SortFunc(all, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Func, b.Func), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Example, b.Example))
	})
	return all
}

// lines returns a sorted list without duplicates.
func lines(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

var (
	labelOf = regexp.MustCompile(`# labels: \{"run":"([^"]*)"\}`)
	frameOf = regexp.MustCompile(`/f\d+\.go:(\d+)`)
)

// blocked returns the lines on which the goroutines in a profile stand, by the label of
// their run, and whether all of them are parked for good.
func blocked(profile string) (at map[string][]int, settled bool) {
	p := pprof.Lookup(profile)
	if p == nil {
		return nil, true
	}
	var buf bytes.Buffer
	if p.WriteTo(&buf, 1) != nil {
		return nil, true
	}
	at, settled = make(map[string][]int), true
	for record := range strings.SplitSeq(buf.String(), "\n\n") {
		label := labelOf.FindStringSubmatch(record)
		if label == nil {
			continue // not of a run
		}
		settled = settled && isParked(record)
		at[label[1]] = append(at[label[1]], ownLine(record))
	}
	return at, settled
}

// ownLine returns the line of the innermost frame in a function that is run.
func ownLine(stack string) int {
	m := frameOf.FindStringSubmatch(stack)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// isParked reports whether the goroutines of a profile's record wait for something
// other than time. A line of the record, mostly the first, is "2 @ 0x47e08e 0x41491c".
func isParked(record string) bool {
	_, pcs, _ := strings.Cut(record, " @ ")
	pcs, _, _ = strings.Cut(pcs, "\n")
	names := make([]string, 0, 16)
	for field := range strings.FieldsSeq(pcs) {
		pc, err := strconv.ParseUint(field, 0, 64)
		if err != nil {
			return false
		}
		if f := runtime.FuncForPC(uintptr(pc) - 1); f != nil {
			names = append(names, f.Name())
		}
	}
	return len(names) > 1 && names[0] == "runtime.gopark" && !slices.Contains(names, "time.Sleep")
}
