package workerpool_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/patterns/workerpool"
)

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

var errTask = errors.New("task failed")

// A scenario is one way in which a call may go. Times are those of a bubble.
type scenario struct {
	inputs, workers int
	fail            int           // the input whose call fails; beyond inputs: none
	cancel          time.Duration // when the caller cancels; negative: never
	seed            uint64        // decides how long each call takes
}

func (sc scenario) String() string {
	return fmt.Sprintf("%d inputs, %d workers, fail %d, cancel %v, seed %d", sc.inputs, sc.workers, sc.fail, sc.cancel, sc.seed)
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{inputs: r.IntN(40), workers: 1 + r.IntN(8), cancel: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.inputs + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	return sc
}

// A recorder plays the task of a scenario and notes what happens.
type recorder struct {
	scenario
	delays                        []time.Duration
	calls                         []atomic.Int32
	running, peak, taken, returns atomic.Int64
}

func newRecorder(sc scenario) *recorder {
	r := rand.New(rand.NewPCG(sc.seed, 0))
	rec := &recorder{scenario: sc, delays: make([]time.Duration, sc.inputs), calls: make([]atomic.Int32, sc.inputs)}
	for i := range rec.delays {
		rec.delays[i] = time.Duration(r.IntN(20)) * time.Millisecond
	}
	return rec
}

func (rec *recorder) context(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	if rec.cancel == 0 {
		cancel()
	} else if rec.cancel > 0 {
		time.AfterFunc(rec.cancel, cancel)
	}
	return ctx
}

// in yields the numbers of the inputs and checks how many are in flight.
func (rec *recorder) in(t *testing.T) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range rec.inputs {
			taken := rec.taken.Add(1)
			if held := taken - rec.returns.Load(); held > int64(2*rec.workers+1) {
				t.Errorf("%v: %d inputs in flight", rec, held)
			}
			if !yield(i) {
				return
			}
		}
	}
}

func (rec *recorder) task(ctx context.Context, i int) (int, error) {
	rec.calls[i].Add(1)
	running := rec.running.Add(1)
	defer rec.running.Add(-1)
	defer rec.returns.Add(1)
	for peak := rec.peak.Load(); running > peak && !rec.peak.CompareAndSwap(peak, running); {
		peak = rec.peak.Load()
	}
	select {
	case <-time.After(rec.delays[i]):
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	if i == rec.fail {
		return 0, errTask
	}
	return i * i, nil
}

// check checks what every way to run the task has to guarantee.
func (rec *recorder) check(t *testing.T, err error) {
	t.Helper()
	if n := rec.running.Load(); n != 0 {
		t.Errorf("%v: %d calls outlive the pool", rec, n)
	}
	if peak := rec.peak.Load(); peak > int64(rec.workers) {
		t.Errorf("%v: %d calls at a time", rec, peak)
	}
	for i := range rec.calls {
		if n := rec.calls[i].Load(); n > 1 || n == 0 && err == nil {
			t.Errorf("%v: %d calls for input %d, err = %v", rec, n, i, err)
		}
	}
	failed := rec.fail < rec.inputs && rec.calls[rec.fail].Load() > 0
	switch {
	case err == nil && failed && rec.cancel < 0:
		t.Errorf("%v: the error is lost", rec)
	case errors.Is(err, errTask) && !failed, errors.Is(err, context.Canceled) && rec.cancel < 0:
		t.Errorf("%v: an error from nowhere: %v", rec, err)
	case err != nil && !errors.Is(err, errTask) && !errors.Is(err, context.Canceled):
		t.Errorf("%v: unexpected error %v", rec, err)
	}
}

func checkRun(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := newRecorder(sc)
		rec.check(t, workerpool.Run(rec.context(t), sc.workers, rec.in(t), func(ctx context.Context, i int) error {
			_, err := rec.task(ctx, i)
			return err
		}))
	})
}

func checkMap(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := newRecorder(sc)
		inputs := make([]int, sc.inputs)
		for i := range inputs {
			inputs[i] = i
		}
		squares, err := workerpool.Map(rec.context(t), sc.workers, inputs, rec.task)
		rec.check(t, err)
		if err != nil && squares != nil || err == nil && len(squares) != sc.inputs {
			t.Errorf("%v: %d results with error %v", sc, len(squares), err)
		}
		for i, square := range squares {
			if square != i*i {
				t.Errorf("%v: result %d is %d", sc, i, square)
			}
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 300 {
		sc := randomScenario(rand.New(rand.NewPCG(uint64(i), 1)))
		checkRun(t, sc)
		checkMap(t, sc)
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(9), int8(-1), uint64(1))
	f.Add(uint8(9), uint8(3), uint8(4), int8(-1), uint64(2))
	f.Add(uint8(9), uint8(20), uint8(99), int8(7), uint64(3))
	f.Add(uint8(50), uint8(4), uint8(99), int8(0), uint64(4))
	f.Fuzz(func(t *testing.T, inputs, workers, fail uint8, cancel int8, seed uint64) {
		sc := scenario{int(inputs), 1 + int(workers), int(fail), time.Duration(cancel) * time.Millisecond, seed}
		checkRun(t, sc)
		checkMap(t, sc)
	})
}

// TestContextEndsWithTheCall checks that a call leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheCall(t *testing.T) {
	var inRun, inMap context.Context
	workerpool.Run(t.Context(), 1, slices.Values([]int{1}), func(ctx context.Context, _ int) error {
		inRun = ctx
		return nil
	})
	workerpool.Map(t.Context(), 1, []int{1}, func(ctx context.Context, _ int) (int, error) {
		inMap = ctx
		return 0, nil
	})
	if inRun.Err() == nil || inMap.Err() == nil {
		t.Errorf("the context of Run has the error %v, that of Map %v", inRun.Err(), inMap.Err())
	}
}

// naturals never ends.
func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func TestWorkersRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := workerpool.Run(t.Context(), 5, slices.Values(make([]int, 20)), func(ctx context.Context, _ int) error {
			time.Sleep(time.Hour)
			return nil
		})
		if took := time.Since(start); err != nil || took != 4*time.Hour {
			t.Errorf("20 hours of work took 5 workers %v, err = %v", took, err)
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		err := workerpool.Run(ctx, 3, naturals, func(context.Context, int) error {
			t.Error("Run has called do")
			return nil
		})
		if err != reason {
			t.Errorf("Run: err = %v", err)
		}
		_, err = workerpool.Map(ctx, 3, []int{1, 2, 3}, func(context.Context, int) (int, error) {
			t.Error("Map has called do")
			return 0, nil
		})
		if err != reason {
			t.Errorf("Map: err = %v", err)
		}
	})
}

func TestFirstErrorEndsAnEndlessInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0 // needs no lock: there is one worker
		err := workerpool.Run(t.Context(), 1, naturals, func(_ context.Context, i int) error {
			calls++
			if i == 7 {
				return errTask
			}
			return nil
		})
		if err != errTask || calls != 8 {
			t.Errorf("err = %v after %d calls", err, calls)
		}
	})
}

func TestErrorStopsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := workerpool.Map(t.Context(), 3, []int{0, 1, 2}, func(ctx context.Context, i int) (int, error) {
			if i == 1 {
				time.Sleep(time.Second)
				return 0, errTask
			}
			<-ctx.Done()
			if context.Cause(ctx) != errTask {
				t.Errorf("cause %v", context.Cause(ctx))
			}
			return 0, errors.New("a consequence")
		})
		if took := time.Since(start); err != errTask || took != time.Second {
			t.Errorf("err = %v after %v", err, took)
		}
	})
}

// recovered returns what f panics with.
func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func divide(a, b int) int { return a / b }

func TestPanic(t *testing.T) {
	run := func(ctx context.Context, do func(context.Context, int) error) {
		workerpool.Run(ctx, 3, naturals, do)
	}
	runMap := func(ctx context.Context, do func(context.Context, int) error) {
		workerpool.Map(ctx, 3, make([]int, 9), func(ctx context.Context, i int) (int, error) { return 0, do(ctx, i) })
	}
	for name, run := range map[string]func(context.Context, func(context.Context, int) error){"Run": run, "Map": runMap} {
		synctest.Test(t, func(t *testing.T) {
			var running atomic.Int64
			v := recovered(func() {
				run(t.Context(), func(ctx context.Context, i int) error {
					if running.Add(1) == 3 {
						defer running.Add(-1)
						divide(i, 0)
					}
					<-ctx.Done()
					running.Add(-1)
					return errTask // must not hide the panic
				})
			})
			p, ok := v.(*workerpool.PanicError)
			if !ok {
				t.Fatalf("%s: the caller recovers %v", name, v)
			}
			if !strings.Contains(string(p.Stack), "workerpool_test.divide") {
				t.Errorf("%s: the stack does not show where the panic began:\n%s", name, p.Stack)
			}
			if _, ok := errors.AsType[runtime.Error](p); !ok || !strings.Contains(p.Error(), "divide by zero") {
				t.Errorf("%s: the panic has lost its value: %v", name, p)
			}
			if n := running.Load(); n != 0 {
				t.Errorf("%s: %d calls outlive the panic", name, n)
			}
		})
	}
}

func TestPanicCrossesNestedPools(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := recovered(func() {
			workerpool.Run(t.Context(), 2, naturals, func(ctx context.Context, i int) error {
				_, err := workerpool.Map(ctx, 2, []int{i}, func(_ context.Context, i int) (int, error) { return divide(i, 0), nil })
				return err
			})
		})
		p, _ := v.(*workerpool.PanicError)
		if p == nil || !strings.Contains(string(p.Stack), "workerpool_test.divide") || strings.Count(p.Error(), "debug.Stack()") != 1 {
			t.Errorf("the caller recovers %v", v)
		}
	})
}

func TestPanicInInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int64
		v := recovered(func() {
			in := func(yield func(int) bool) {
				yield(1)
				synctest.Wait()
				panic("broken input")
			}
			workerpool.Run(t.Context(), 2, in, func(ctx context.Context, _ int) error {
				running.Add(1)
				defer running.Add(-1)
				<-ctx.Done()
				return nil
			})
		})
		if v != "broken input" || running.Load() != 0 {
			t.Errorf("the caller recovers %v, %d calls outlive the panic", v, running.Load())
		}
	})
}

func TestGoexitReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := false
		done := make(chan struct{}) // closed by the goroutine below; nothing is sent
		go func() {                 // ends by runtime.Goexit
			defer close(done)
			workerpool.Run(t.Context(), 2, naturals, func(_ context.Context, i int) error {
				if i == 5 {
					runtime.Goexit() // as t.FailNow does
				}
				return nil
			})
			returned = true
		}()
		<-done
		if returned {
			t.Error("Run returned as if nothing had happened")
		}
	})
}

func TestNoWorkers(t *testing.T) {
	if v := recovered(func() { workerpool.Run(t.Context(), 0, naturals, nil) }); v != "workerpool: workers < 1" {
		t.Errorf("Run: %v", v)
	}
	if v := recovered(func() { workerpool.Map[int, int](t.Context(), 0, nil, nil) }); v != "workerpool: workers < 1" {
		t.Errorf("Map: %v", v)
	}
}

func TestNoAllocationForAnInput(t *testing.T) {
	const inputs = 10_000
	allocs := testing.AllocsPerRun(3, func() {
		in := func(yield func(int) bool) {
			for i := range inputs {
				if !yield(i) {
					return
				}
			}
		}
		workerpool.Run(context.Background(), 2, in, func(context.Context, int) error { return nil })
	})
	if allocs > inputs/100 {
		t.Errorf("%v allocations for %d inputs", allocs, inputs)
	}
}
