package workerpool_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/patterns/workerpool"
)

// Three workers check four links. Nothing comes back but the first error.
func ExampleForEach() {
	links := []string{"/", "/about", "/nwes", "/contact"}
	check := func(ctx context.Context, link string) error {
		if link == "/nwes" { // instead of a request that takes ctx
			return fmt.Errorf("%s: not found", link)
		}
		return nil
	}

	fmt.Println(workerpool.ForEach(context.Background(), 3, links, check))
	fmt.Println(workerpool.ForEach(context.Background(), 3, links[:2], check))
	// Output:
	// /nwes: not found
	// <nil>
}

// Two workers fetch four pages. The results come in the order of the pages.
func ExampleMap() {
	pages := []string{"/", "/about", "/news", "/contact"}
	fetch := func(ctx context.Context, page string) (int, error) {
		return len(page), nil // instead of a request that takes ctx
	}

	sizes, err := workerpool.Map(context.Background(), 2, pages, fetch)
	fmt.Println(sizes, err)
	// Output: [1 6 5 8] <nil>
}

// The first error stops the rest and is returned.
func ExampleMap_firstError() {
	parse := func(ctx context.Context, s string) (int, error) {
		var n int
		_, err := fmt.Sscan(s, &n)
		if err != nil {
			return 0, fmt.Errorf("%q: %w", s, err)
		}
		return n, nil
	}

	numbers, err := workerpool.Map(context.Background(), 2, []string{"1", "2", "three"}, parse)
	fmt.Println(numbers, err)
	// Output: [] "three": expected integer
}

// Run takes its inputs from a sequence, here the lines of a text, and never more
// of them than the workers can keep up with.
func ExampleRun() {
	log := "start\nerror: disk full\nretry\nerror: disk full\nstop\n"
	var failures atomic.Int64

	err := workerpool.Run(context.Background(), 3, strings.Lines(log), func(ctx context.Context, line string) error {
		if strings.HasPrefix(line, "error:") {
			failures.Add(1)
		}
		return nil
	})
	fmt.Println(failures.Load(), err)
	// Output: 2 <nil>
}

// To get partial results, make the error a part of the result.
func ExampleMap_partialResults() {
	type result struct {
		port int
		err  error
	}
	probe := func(ctx context.Context, port int) (result, error) {
		if port == 23 {
			return result{port, errors.New("closed")}, nil
		}
		return result{port, nil}, nil
	}

	results, _ := workerpool.Map(context.Background(), 2, []int{22, 23, 80}, probe)
	for _, r := range results {
		fmt.Println(r.port, r.err)
	}
	// Output:
	// 22 <nil>
	// 23 closed
	// 80 <nil>
}

// A pool is a function of the package that calls do for the inputs 0 to n-1.
type pool func(ctx context.Context, workers, n int, do func(context.Context, int) error) error

var pools = map[string]pool{
	"ForEach": func(ctx context.Context, workers, n int, do func(context.Context, int) error) error {
		return workerpool.ForEach(ctx, workers, numbers(n), do)
	},
	"Map": func(ctx context.Context, workers, n int, do func(context.Context, int) error) error {
		in := numbers(n)
		out, err := workerpool.Map(ctx, workers, in, func(ctx context.Context, i int) (int, error) { return i, do(ctx, i) })
		if err == nil && !slices.Equal(out, in) || err != nil && out != nil {
			return fmt.Errorf("the results are %v, %v", out, err)
		}
		return err
	},
	"Run": func(ctx context.Context, workers, n int, do func(context.Context, int) error) error {
		return workerpool.Run(ctx, workers, func(yield func(int) bool) {
			for i := 0; i < n && yield(i); i++ {
			}
		}, do)
	},
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// naturals never ends.
func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

// endless is more than what a pool takes before a test ends it.
const endless = 1000

var (
	errTask = errors.New("task failed")
	errStop = errors.New("shutting down") // why a caller cancels
	errLate = errors.New("a consequence of what happened before")
)

// A scenario is one way in which a call may go. Times are those of a bubble.
type scenario struct {
	inputs, workers int
	fail            int           // the input whose call fails; beyond inputs: none
	cancel          time.Duration // when the caller cancels; negative: never
	seed            uint64        // decides how long everything takes
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{inputs: r.IntN(40), workers: 1 + r.IntN(8), cancel: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.inputs + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	return sc
}

// A recorder plays the input and the task of a scenario and notes what happens.
type recorder struct {
	scenario
	t                *testing.T
	name             string
	began            time.Time
	delays, pauses   []time.Duration // of the task, and of the input before it yields
	calls            []atomic.Int32
	started, running atomic.Int64
	taken, returned  atomic.Int64
	stopped          atomic.Int64 // the time.Duration after which no call may start
}

func newRecorder(t *testing.T, name string, sc scenario) *recorder {
	r := rand.New(rand.NewPCG(sc.seed, 0))
	rec := &recorder{scenario: sc, t: t, name: name, began: time.Now(), calls: make([]atomic.Int32, sc.inputs)}
	for range sc.inputs {
		rec.delays = append(rec.delays, time.Duration(r.IntN(20))*time.Millisecond)
		rec.pauses = append(rec.pauses, time.Duration(r.IntN(10)/5*r.IntN(20))*time.Millisecond)
	}
	rec.stopped.Store(int64(time.Hour))
	if sc.cancel >= 0 {
		rec.stopped.Store(int64(sc.cancel))
	}
	return rec
}

func (rec *recorder) errorf(format string, args ...any) {
	rec.t.Helper()
	rec.t.Errorf("%s %+v: %s", rec.name, rec.scenario, fmt.Sprintf(format, args...))
}

func (rec *recorder) context() context.Context {
	ctx, cancel := context.WithCancelCause(rec.t.Context())
	rec.t.Cleanup(func() { cancel(nil) })
	if rec.cancel == 0 {
		cancel(errStop)
	} else if rec.cancel > 0 {
		time.AfterFunc(rec.cancel, func() { cancel(errStop) })
	}
	return ctx
}

// in yields the numbers of the inputs and checks that none is taken early.
func (rec *recorder) in(yield func(int) bool) {
	for i := range rec.inputs {
		time.Sleep(rec.pauses[i])
		if held := rec.taken.Add(1) - rec.returned.Load(); held > int64(rec.workers) {
			rec.errorf("%d inputs in use", held)
		}
		if !yield(i) {
			return
		}
	}
}

func (rec *recorder) do(ctx context.Context, i int) error {
	rec.calls[i].Add(1)
	if running := rec.running.Add(1); running > int64(rec.workers) {
		rec.errorf("%d calls at a time", running)
	}
	defer rec.returned.Add(1)
	defer rec.running.Add(-1)
	if before := rec.started.Add(1) - 1; int64(i)-before >= int64(rec.workers) {
		rec.errorf("input %d comes after only %d others", i, before)
	}
	if now := time.Since(rec.began); now > time.Duration(rec.stopped.Load()) {
		rec.errorf("a call starts at %v", now)
	}
	select {
	case <-time.After(rec.delays[i]):
	case <-ctx.Done():
		return errLate
	}
	if i == rec.fail {
		rec.stopped.Store(min(rec.stopped.Load(), int64(time.Since(rec.began))))
		return errTask
	}
	return nil
}

// check checks what every pool has to guarantee.
func (rec *recorder) check(err error) {
	rec.t.Helper()
	if n := rec.running.Load(); n != 0 {
		rec.errorf("%d calls outlive the pool", n)
	}
	for i := range rec.calls {
		if n := rec.calls[i].Load(); n > 1 || n == 0 && err == nil {
			rec.errorf("%d calls for input %d, err = %v", n, i, err)
		}
	}
	failed := rec.fail < rec.inputs && rec.calls[rec.fail].Load() > 0
	switch {
	case err == nil && failed:
		rec.errorf("the error is lost")
	case err == errTask && !failed, err == errStop && rec.cancel < 0:
		rec.errorf("an error from nowhere: %v", err)
	case err != nil && err != errTask && err != errStop:
		rec.errorf("unexpected error %v", err)
	}
}

func checkScenario(t *testing.T, sc scenario) {
	for name, run := range pools {
		synctest.Test(t, func(t *testing.T) {
			rec := newRecorder(t, name, sc)
			rec.check(run(rec.context(), sc.workers, sc.inputs, rec.do))
		})
	}
	synctest.Test(t, func(t *testing.T) {
		rec := newRecorder(t, "Run with an input that waits", sc)
		rec.check(workerpool.Run(rec.context(), sc.workers, rec.in, rec.do))
	})
}

func TestScenarios(t *testing.T) {
	for i := range 1000 {
		checkScenario(t, randomScenario(rand.New(rand.NewPCG(uint64(i), 1))))
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(9), int8(-1), uint64(1))
	f.Add(uint8(9), uint8(3), uint8(4), int8(-1), uint64(2))
	f.Add(uint8(9), uint8(20), uint8(99), int8(7), uint64(3))
	f.Add(uint8(50), uint8(4), uint8(99), int8(0), uint64(4))
	f.Fuzz(func(t *testing.T, inputs, workers, fail uint8, cancel int8, seed uint64) {
		checkScenario(t, scenario{int(inputs), 1 + int(workers), int(fail), time.Duration(cancel) * time.Millisecond, seed})
	})
}

// TestManyInputs is for the race detector: no bubble makes the workers wait.
func TestManyInputs(t *testing.T) {
	for name, run := range pools {
		const n = 5000
		calls := make([]int, n) // needs no lock if there is one call for each input, and all return before run
		if err := run(t.Context(), 8, n, func(_ context.Context, i int) error { calls[i]++; return nil }); err != nil {
			t.Errorf("%s: err = %v", name, err)
		}
		if i := slices.IndexFunc(calls, func(c int) bool { return c != 1 }); i >= 0 {
			t.Errorf("%s: %d calls for input %d", name, calls[i], i)
		}
	}
}

// An ending is how a call ended: by return, panic or runtime.Goexit.
type ending struct {
	err      error
	panicked any
	exited   bool
}

// end calls f and returns how it ended. It takes a panic of a *PanicError for one
// of what that carries.
func end(f func() error) (e ending) {
	e.exited = true
	ended := make(chan struct{}) // closed by the goroutine below; nothing is sent
	go func() {                  // ends when f does
		defer close(ended)
		defer func() {
			if v := recover(); v != nil {
				e = ending{panicked: v}
			}
			if p, ok := e.panicked.(*workerpool.PanicError); ok {
				e.panicked = p.Value
			}
		}()
		err := f()
		e = ending{err: err}
	}()
	<-ended
	return e
}

// leaked returns the stacks of the goroutines that belong to the package, unless
// they end soon.
func leaked() string {
	pkg := reflect.TypeFor[workerpool.PanicError]().PkgPath() + "."
	all := make([]byte, 1<<20)
	for wait := time.Millisecond; ; wait *= 2 {
		stacks := strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n")
		stacks = slices.DeleteFunc(stacks, func(s string) bool { return !strings.Contains(s, pkg) })
		if len(stacks) == 0 || wait > time.Second {
			return strings.Join(stacks, "\n\n")
		}
		time.Sleep(wait)
	}
}

// everywhere calls f in a bubble, which ends only if no goroutine of it waits for
// ever, and outside of one, where it looks for goroutines of any kind.
func everywhere(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, f)
		f(t)
		if stacks := leaked(); stacks != "" {
			t.Errorf("left behind:\n%s", stacks)
		}
	})
}

func TestExits(t *testing.T) {
	for exit, tt := range map[string]struct {
		do   func(cancel context.CancelCauseFunc) error // for one of the inputs
		want ending
	}{
		"success": {func(context.CancelCauseFunc) error { return nil }, ending{}},
		"error":   {func(context.CancelCauseFunc) error { return errTask }, ending{err: errTask}},
		"cancel":  {func(cancel context.CancelCauseFunc) error { cancel(errStop); return nil }, ending{err: errStop}},
		"panic":   {func(context.CancelCauseFunc) error { panic("broken") }, ending{panicked: "broken"}},
		"Goexit":  {func(context.CancelCauseFunc) error { runtime.Goexit(); return nil }, ending{exited: true}}, // as t.FailNow does
	} {
		for name, run := range pools {
			for _, workers := range []int{1, 3, 100} {
				everywhere(t, fmt.Sprintf("%s/%s/%d", name, exit, workers), func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					var running atomic.Int64
					got := end(func() error {
						return run(ctx, workers, 50, func(ctx context.Context, i int) error {
							running.Add(1)
							defer running.Add(-1)
							switch {
							case i == 5:
								return tt.do(cancel)
							case i > 5 && tt.want != ending{}:
								<-ctx.Done()
								return errLate // must not hide why
							}
							return nil
						})
					})
					if n := running.Load(); got != tt.want || n != 0 {
						t.Errorf("ended with %+v and not %+v, %d calls outlive the pool", got, tt.want, n)
					}
				})
			}
		}
	}
}

// waited returns when workers wait for a third value.
func waited(yield func(int) bool) {
	if yield(0) && yield(1) {
		time.Sleep(time.Millisecond)
	}
}

func TestExitsOfTheInput(t *testing.T) {
	for name, tt := range map[string]struct {
		in   iter.Seq[int]
		want ending
	}{
		"no values":           {func(func(int) bool) {}, ending{}},
		"panic":               {func(yield func(int) bool) { waited(yield); panic("broken") }, ending{panicked: "broken"}},
		"Goexit":              {func(yield func(int) bool) { waited(yield); runtime.Goexit() }, ending{exited: true}},
		"told to stop":        {naturals, ending{err: errTask}},
		"deaf":                {func(yield func(int) bool) { _ = yield(0) && yield(1) && yield(2); yield(3) }, ending{err: errTask}},
		"panic when stopped":  {func(yield func(int) bool) { naturals(yield); panic("broken") }, ending{panicked: "broken"}},
		"Goexit when stopped": {func(yield func(int) bool) { naturals(yield); runtime.Goexit() }, ending{exited: true}},
	} {
		for _, workers := range []int{1, 3} {
			everywhere(t, fmt.Sprintf("%s/%d", name, workers), func(t *testing.T) {
				var running, reading atomic.Int64
				in := func(yield func(int) bool) {
					reading.Add(1)
					defer reading.Add(-1)
					tt.in(yield)
				}
				got := end(func() error {
					return workerpool.Run(t.Context(), workers, in, func(ctx context.Context, i int) error {
						running.Add(1)
						defer running.Add(-1)
						if i == 2 {
							return errTask
						}
						if workers > 1 && i > 2 {
							<-ctx.Done()
						}
						return nil
					})
				})
				if got != tt.want || running.Load()+reading.Load() != 0 {
					t.Errorf("ended with %+v and not %+v, %d calls and %d inputs outlive Run", got, tt.want, running.Load(), reading.Load())
				}
			})
		}
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	for name, run := range pools {
		everywhere(t, name, func(t *testing.T) {
			err := run(ctx, 3, 3, func(context.Context, int) error {
				t.Error("do is called")
				return nil
			})
			if err != errStop {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// TestNoCallStartsAfterCancellation lets ctx end while an input is on its way.
func TestNoCallStartsAfterCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Minute)
		defer cancel()
		hourly := func(yield func(int) bool) {
			for i := 0; ; i++ {
				if time.Sleep(time.Hour); !yield(i) {
					return
				}
			}
		}
		err := workerpool.Run(ctx, 3, hourly, func(ctx context.Context, i int) error {
			if ctx.Err() != nil {
				t.Errorf("do is called for %d after the end of ctx", i)
			}
			return nil
		})
		if err != context.DeadlineExceeded {
			t.Errorf("err = %v", err)
		}
	})
}

// TestContextEndsWithTheCall checks that a call leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheCall(t *testing.T) {
	for name, run := range pools {
		var inner context.Context
		run(t.Context(), 1, 1, func(ctx context.Context, _ int) error { inner = ctx; return nil })
		if inner.Err() == nil {
			t.Errorf("%s: the context of the calls is not done", name)
		}
	}
}

func TestWorkersRunAtTheSameTime(t *testing.T) {
	for name, run := range pools {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := run(t.Context(), 5, 20, func(context.Context, int) error { time.Sleep(time.Hour); return nil })
			if took := time.Since(start); err != nil || took != 4*time.Hour {
				t.Errorf("%s: 20 hours of work took 5 workers %v, err = %v", name, took, err)
			}
		})
	}
}

func TestOneWorkerKeepsTheOrder(t *testing.T) {
	for name, run := range pools {
		next := 0 // needs no lock: there is one worker
		err := run(t.Context(), 1, endless, func(_ context.Context, i int) error {
			if i != next {
				t.Errorf("%s: input %d comes instead of %d", name, i, next)
			}
			if next++; next == 8 {
				return errTask
			}
			return nil
		})
		if err != errTask || next != 8 {
			t.Errorf("%s: err = %v after %d calls", name, err, next)
		}
	}
}

func TestErrorStopsTheOthersAtOnce(t *testing.T) {
	for name, run := range pools {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := run(t.Context(), 3, endless, func(ctx context.Context, i int) error {
				if i == 1 {
					time.Sleep(time.Second)
					return errTask
				}
				<-ctx.Done()
				if context.Cause(ctx) != errTask {
					t.Errorf("%s: cause %v", name, context.Cause(ctx))
				}
				return errLate
			})
			if took := time.Since(start); err != errTask || took != time.Second {
				t.Errorf("%s: err = %v after %v", name, err, took)
			}
		})
	}
}

func TestSlowCallsSlowTheInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var taken, done atomic.Int64
		in := func(yield func(int) bool) { naturals(func(i int) bool { taken.Add(1); return yield(i) }) }
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour)
		defer cancel()
		workerpool.Run(ctx, 3, in, func(ctx context.Context, i int) error {
			time.Sleep(time.Hour + time.Duration(i)) // no two end at the same time
			synctest.Wait()
			if n := done.Add(1); taken.Load() != n+2 && ctx.Err() == nil {
				t.Errorf("%d inputs are taken, %d calls have ended", taken.Load(), n)
			}
			return nil
		})
		if n := done.Load(); n < 25 {
			t.Errorf("only %d calls", n)
		}
	})
}

func divide(a, b int) int { return a / b }

func TestPanicKeepsItsStack(t *testing.T) {
	zero := func(context.Context, int) error { divide(1, 0); return nil }
	tests := map[string]func(ctx context.Context){
		"input": func(ctx context.Context) {
			workerpool.Run(ctx, 3, func(yield func(int) bool) { yield(divide(1, 0)) }, nil)
		},
	}
	for name, run := range pools {
		tests[name] = func(ctx context.Context) { run(ctx, 3, endless, zero) }
		for inner, runInner := range pools {
			tests[inner+" in "+name] = func(ctx context.Context) {
				run(ctx, 2, endless, func(ctx context.Context, _ int) error { return runInner(ctx, 2, endless, zero) })
			}
		}
	}
	for name, run := range tests {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				v := recover()
				p, ok := v.(*workerpool.PanicError)
				if !ok {
					t.Fatalf("%s: the caller recovers %v", name, v)
				}
				if !strings.Contains(string(p.Stack), "_test.divide(") || !strings.Contains(p.Error(), string(p.Stack)) {
					t.Errorf("%s: the stack does not show where the panic began:\n%v", name, p)
				}
				if _, ok := errors.AsType[runtime.Error](p); !ok || strings.Count(p.Error(), "divide by zero") != 1 {
					t.Errorf("%s: the panic has lost its value: %v", name, p)
				}
			}()
			run(t.Context())
		})
	}
	if err := errors.Unwrap(&workerpool.PanicError{Value: "not an error"}); err != nil {
		t.Errorf("unwrapped: %v", err)
	}
}

func TestNested(t *testing.T) {
	for name, run := range pools {
		for inner, runInner := range pools {
			synctest.Test(t, func(t *testing.T) {
				var sum atomic.Int64
				err := run(t.Context(), 3, 10, func(ctx context.Context, i int) error {
					return runInner(ctx, 2, i, func(_ context.Context, j int) error { sum.Add(int64(j)); return nil })
				})
				if err != nil || sum.Load() != 120 {
					t.Errorf("%s in %s: sum %d, err = %v", inner, name, sum.Load(), err)
				}
			})
		}
	}
}

// TestCallerLockedToItsThread checks that no coroutine is bound to the goroutine
// of the caller.
func TestCallerLockedToItsThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for name, run := range pools {
		var calls atomic.Int64
		err := run(t.Context(), 4, 10, func(context.Context, int) error {
			time.Sleep(time.Millisecond) // so that the others get something
			calls.Add(1)
			return nil
		})
		if err != nil || calls.Load() != 10 {
			t.Errorf("%s: %d calls, err = %v", name, calls.Load(), err)
		}
	}
}

func TestNoWorkers(t *testing.T) {
	for name, run := range pools {
		for _, workers := range []int{0, -1} {
			if got := end(func() error { return run(t.Context(), workers, 1, nil) }); got.panicked != "workerpool: workers < 1" {
				t.Errorf("%s with %d workers ended with %+v", name, workers, got)
			}
		}
	}
}

func TestNoAllocationForAnInput(t *testing.T) {
	do := func(context.Context, int) error { return nil }
	for name, run := range pools {
		for _, workers := range []int{1, 8} {
			allocs := func(n int) float64 {
				return testing.AllocsPerRun(5, func() { run(context.Background(), workers, n, do) })
			}
			if few, many := allocs(1000), allocs(10_000); many > few+20 {
				t.Errorf("%s with %d workers: %v allocations for 1000 inputs, %v for 10000", name, workers, few, many)
			}
		}
	}
}
