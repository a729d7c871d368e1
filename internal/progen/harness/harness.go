// Package harness runs random functions (package progen) many times in one process
// and says how each run ended.
//
// All runs go on at the same time. Each has a pprof label, which its goroutines
// inherit. At the end, when every goroutine that is left is parked, the runtime's
// profiles tell which run left goroutines behind, and on which line: the goroutine
// profile names all of them, and the goroutine leak profile, where the runtime has
// it, those that it can show to be unreachable.
package harness

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// A Func is a function to run. It calls run.At before each of its statements.
type Func func(run *Run, b0, b1 bool, n int, ask func() bool)

// A Run is one run of a function.
type Run struct {
	label string
	seed  uint64
	n     int

	statements atomic.Int64
	returned   atomic.Bool
	endless    atomic.Bool
	lines      [maxLines / 64]atomic.Uint64

	mu    sync.Mutex
	crash string // the first panic
	line  int    // where
}

// fuel is how many statements a run may execute.
const fuel = 200_000

// maxLines is the number of lines of a program, or more.
const maxLines = 256

// reached returns the lines of the statements that were begun.
func (r *Run) reached() []int {
	var out []int
	for line := range maxLines {
		if r.lines[line/64].Load()&(1<<(line%64)) != 0 {
			out = append(out, line)
		}
	}
	return out
}

// At is called before the statement on a line, and delays it at random.
//
// A quarter of the runs are left alone, and a quarter yield now and then. In the
// others some lines are slow: each time, or now and then.
func (r *Run) At(line int) {
	r.lines[line%maxLines/64].Or(1 << (line % 64))
	n := r.statements.Add(1)
	if n > fuel {
		r.endless.Store(true)
		runtime.Goexit()
	}
	var number int64
	switch r.seed % 4 {
	case 0:
		return
	case 1:
		if mix(r.seed, n)%2 == 0 {
			runtime.Gosched()
		}
		return
	case 2:
		number = int64(line)
	case 3:
		number = n<<16 + int64(line)
	}
	switch mix(r.seed, number) % 8 {
	case 0, 1:
		runtime.Gosched()
	case 2:
		time.Sleep(20 * time.Microsecond)
	case 3:
		time.Sleep(200 * time.Microsecond)
	case 4:
		time.Sleep(2 * time.Millisecond)
	}
}

// mix returns a number that depends on both arguments.
func mix(seed uint64, n int64) uint64 { return rand.NewPCG(seed, uint64(n)).Uint64() }

// Caught is deferred by each goroutine first. A panic ends the process in reality;
// here it ends the goroutine, and what the run does later does not count.
func (r *Run) Caught() {
	v := recover()
	if v == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.crash == "" {
		r.crash, r.line = fmt.Sprint(v), ownLine(string(debug.Stack()))
	}
}

// Settings say how often functions are run.
type Settings struct {
	Funcs []string // all, if empty
	First uint64   // the first seed
	Seeds int      // how many
	Procs int      // for GOMAXPROCS
}

// numbers are the values of the functions' third argument: the checks take numbers that
// they cannot see for two, one and zero.
var numbers = []int{2, 1, 0}

// All runs the functions, each with all arguments and each of the seeds, and returns
// the different ways in which they ended. It is to be called once in a process.
func All(funcs map[string]Func, s Settings) []Outcome {
	runtime.GOMAXPROCS(s.Procs)
	debug.SetGCPercent(400)
	if len(s.Funcs) == 0 {
		for name := range funcs {
			s.Funcs = append(s.Funcs, name)
		}
	}
	t := &tally{runs: make(map[string]*Run)}
	started := 0
	for seed := range s.Seeds {
		for args := range 4 * len(numbers) {
			for _, name := range s.Funcs {
				t.start(name, funcs[name], s.First+uint64(seed), args)
				if started++; started%500 == 0 {
					time.Sleep(2 * time.Millisecond) // else no delay is longer than the queue
				}
			}
		}
	}
	return t.outcomes()
}

// start starts a run.
func (t *tally) start(name string, f Func, seed uint64, args int) {
	b0, b1, n := args&1 == 0, args&2 == 0, numbers[args/4]
	label := fmt.Sprintf("%s %t,%t,%d seed %d", name, b0, b1, n, seed)
	r := &Run{label: label, seed: mix(seed, int64(args)), n: n}
	t.runs[label] = r
	var asked atomic.Int64
	ask := func() bool { return mix(r.seed, -asked.Add(1))%2 == 0 }
	go func() {
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("run", label)))
		defer r.Caught()
		f(r, b0, b1, n, ask)
		r.returned.Store(true)
	}()
}
