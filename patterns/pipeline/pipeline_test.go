package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/patterns/pipeline"
)

// Words are parsed, three at a time, and come out in their order.
func Example() {
	words := pipeline.From(strings.FieldsSeq("1 2 3 4 5"))
	numbers := pipeline.Map(words, 3, func(_ context.Context, s string) (int, error) {
		return strconv.Atoi(s)
	})
	squares := pipeline.Map(numbers, 2, func(_ context.Context, n int) (int, error) {
		return n * n, nil
	})

	for n, err := range pipeline.All(context.Background(), squares) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(n)
	}
	// Output:
	// 1
	// 4
	// 9
	// 16
	// 25
}

// An error of any stage is the last thing that the loop sees.
func ExampleMap_error() {
	words := pipeline.From(strings.FieldsSeq("1 two 3"))
	numbers := pipeline.Map(words, 1, func(_ context.Context, s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0, fmt.Errorf("parsing %q failed", s)
		}
		return n, nil
	})

	var err error
	for _, err = range pipeline.All(context.Background(), numbers) {
	}
	fmt.Println(err)
	// Output: parsing "two" failed
}

// batches is a stage of one's own: a Source that ranges over another.
func batches[T any](src pipeline.Source[T], size int) pipeline.Source[[]T] {
	return func(ctx context.Context, yield func([]T) bool) error {
		var batch []T
		for v, err := range pipeline.All(ctx, src) {
			if err != nil {
				return err
			}
			if batch = append(batch, v); len(batch) == size {
				if !yield(batch) {
					return nil
				}
				batch = nil // a new one: the next stage may still use the last
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
		return nil
	}
}

// A stage with a state is a function that ranges over the stage before.
func ExampleAll_ownStage() {
	letters := pipeline.From(slices.Values([]string{"a", "b", "c", "d", "e"}))

	for batch, err := range pipeline.All(context.Background(), batches(letters, 2)) {
		fmt.Println(batch, err)
	}
	// Output:
	// [a b] <nil>
	// [c d] <nil>
	// [e] <nil>
}

// A break stops all stages: the loop is over when they have ended.
func ExampleAll_break() {
	count := func(_ context.Context, yield func(int) bool) error {
		defer fmt.Println("source has ended")
		for i := 1; yield(i); i++ {
		}
		return nil
	}

	for batch := range pipeline.All(context.Background(), batches(count, 3)) {
		fmt.Println(batch)
		break
	}
	fmt.Println("loop has ended")
	// Output:
	// [1 2 3]
	// source has ended
	// loop has ended
}

var errStage = errors.New("stage failed")

// A scenario is one way in which a pipeline may go. Times are those of a bubble.
type scenario struct {
	values, workers int
	fail            int           // the value with which a stage fails; beyond: none
	failSource      bool          // whether that stage is the source
	cancel          time.Duration // when the caller cancels; negative: never
	leave           int           // the number of values after which the loop breaks; negative: never
	seed            uint64        // decides how long everything takes
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{values: r.IntN(50), workers: 1 + r.IntN(8), failSource: r.IntN(2) == 0, cancel: -1, leave: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.values + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	if r.IntN(3) == 0 {
		sc.leave = r.IntN(20)
	}
	return sc
}

// A recorder plays the source and a stage of a scenario and checks their limits.
type recorder struct {
	scenario
	t                    *testing.T
	delays               []time.Duration
	open                 atomic.Int64 // sources and stages that have not returned
	running, taken, seen atomic.Int64
}

func (rec *recorder) source(_ context.Context, yield func(int) bool) error {
	rec.open.Add(1)
	defer rec.open.Add(-1)
	for i := range rec.values {
		if rec.failSource && i == rec.fail {
			return errStage
		}
		if held := rec.taken.Add(1) - rec.seen.Load(); held > int64(2*rec.workers+4) {
			rec.t.Errorf("%+v: %d values in flight", rec.scenario, held)
		}
		if !yield(i) {
			return errors.New("dropped: the loop knows already")
		}
	}
	return nil
}

func (rec *recorder) square(ctx context.Context, i int) (int, error) {
	if n := rec.running.Add(1); n > int64(rec.workers) {
		rec.t.Errorf("%+v: %d calls at a time", rec.scenario, n)
	}
	defer rec.running.Add(-1)
	select {
	case <-time.After(rec.delays[i]):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if i == rec.fail {
		return 0, errStage
	}
	return i * i, nil
}

// pass is a stage of one's own that changes nothing.
func (rec *recorder) pass(src pipeline.Source[int]) pipeline.Source[int] {
	return func(ctx context.Context, yield func(int) bool) error {
		rec.open.Add(1)
		defer rec.open.Add(-1)
		for v, err := range pipeline.All(ctx, src) {
			if err != nil {
				return err
			}
			if !yield(v) {
				break
			}
		}
		return nil
	}
}

func (rec *recorder) context() context.Context {
	ctx, cancel := context.WithCancel(rec.t.Context())
	rec.t.Cleanup(cancel)
	if rec.cancel == 0 {
		cancel()
	} else if rec.cancel > 0 {
		time.AfterFunc(rec.cancel, cancel)
	}
	return ctx
}

// consume ranges over seq and returns how it ended.
func (rec *recorder) consume(seq iter.Seq2[int, error]) (left bool, failed error) {
	for v, err := range seq {
		if failed != nil {
			rec.t.Fatalf("%+v: %d, %v after the error %v", rec.scenario, v, err, failed)
		}
		if failed = err; err != nil {
			continue
		}
		i := int(rec.seen.Add(1)) - 1
		if v != i*i {
			rec.t.Errorf("%+v: value %d is %d", rec.scenario, i, v)
		}
		if i+1 == rec.leave {
			return true, nil
		}
		time.Sleep(time.Duration(rec.seed%3) * time.Millisecond)
	}
	return false, failed
}

func checkPipeline(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := &recorder{scenario: sc, t: t, delays: make([]time.Duration, sc.values)}
		r := rand.New(rand.NewPCG(sc.seed, 0))
		for i := range rec.delays {
			rec.delays[i] = time.Duration(r.IntN(20)) * time.Millisecond
		}
		squares := rec.pass(pipeline.Map(rec.source, sc.workers, rec.square))
		left, err := rec.consume(pipeline.All(rec.context(), squares))
		if n := rec.open.Load() + rec.running.Load(); n != 0 {
			t.Errorf("%+v: %d stages outlive the loop", sc, n)
		}
		fails := sc.fail < sc.values
		switch {
		case left: // anything goes
		case err == nil && (fails || rec.seen.Load() != int64(sc.values)):
			t.Errorf("%+v: no error with %d values", sc, rec.seen.Load())
		case errors.Is(err, errStage) && !fails, errors.Is(err, context.Canceled) && sc.cancel < 0:
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		case err != nil && !errors.Is(err, errStage) && !errors.Is(err, context.Canceled):
			t.Errorf("%+v: unexpected error %v", sc, err)
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 500 {
		checkPipeline(t, randomScenario(rand.New(rand.NewPCG(uint64(i), 1))))
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add(uint8(0), uint8(0), uint8(9), false, int8(-1), int8(-1), uint64(1))
	f.Add(uint8(30), uint8(4), uint8(5), false, int8(-1), int8(-1), uint64(2))
	f.Add(uint8(30), uint8(4), uint8(5), true, int8(-1), int8(-1), uint64(3))
	f.Add(uint8(30), uint8(4), uint8(99), true, int8(20), int8(-1), uint64(4))
	f.Add(uint8(30), uint8(4), uint8(99), true, int8(-1), int8(5), uint64(5))
	f.Fuzz(func(t *testing.T, values, workers, fail uint8, failSource bool, cancel, leave int8, seed uint64) {
		checkPipeline(t, scenario{int(values), 1 + int(workers%32), int(fail), failSource, time.Duration(cancel) * time.Millisecond, int(leave), seed})
	})
}

// naturals never ends by itself.
func naturals(_ context.Context, yield func(int) bool) error {
	for i := 0; yield(i); i++ {
	}
	return nil
}

// slow takes an hour for each value.
func slow(_ context.Context, i int) (int, error) {
	time.Sleep(time.Hour)
	return i, nil
}

// TestContextEndsWithTheLoop checks that a loop leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheLoop(t *testing.T) {
	var inAll, inMap context.Context
	src := func(ctx context.Context, yield func(int) bool) error {
		yield(1)
		return nil
	}
	stage := pipeline.Map(src, 1, func(ctx context.Context, i int) (int, error) {
		inMap = ctx
		return i, nil
	})
	for range pipeline.All(t.Context(), func(ctx context.Context, yield func(int) bool) error {
		inAll = ctx
		return stage(context.WithoutCancel(ctx), yield)
	}) {
	}
	if inAll.Err() == nil || inMap.Err() == nil {
		t.Errorf("the context of All has the error %v, that of Map %v", inAll.Err(), inMap.Err())
	}
}

func TestStagesRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := pipeline.Map(pipeline.Map(pipeline.From(slices.Values(make([]int, 10))), 1, slow), 1, slow)
		start := time.Now()
		for _, err := range pipeline.All(t.Context(), src) {
			if err != nil {
				t.Error(err)
			}
			time.Sleep(time.Hour)
		}
		if took := time.Since(start); took != 12*time.Hour {
			t.Errorf("10 values in 3 steps of an hour took %v", took)
		}
	})
}

func TestOneSlowValueDoesNotStopTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int64
		src := pipeline.Map(naturals, 4, func(_ context.Context, i int) (int, error) {
			if i == 0 {
				time.Sleep(time.Hour)
			}
			done.Add(1)
			return i, nil
		})
		for v := range pipeline.All(t.Context(), src) {
			if n := done.Load(); v == 0 && n < 8 {
				t.Errorf("%d values were ready after the first, which took an hour", n)
			}
			break
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		n := 0
		for v, err := range pipeline.All(ctx, pipeline.Map(naturals, 2, func(context.Context, int) (int, error) {
			t.Error("Map has called f")
			return 0, nil
		})) {
			if n++; v != 0 || err != reason {
				t.Errorf("the loop sees %d, %v", v, err)
			}
		}
		if n != 1 {
			t.Errorf("%d errors", n)
		}
	})
}

func TestBreakStopsASourceThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := func(ctx context.Context, yield func(int) bool) error {
			yield(1)
			<-ctx.Done()
			return ctx.Err()
		}
		for range pipeline.All(t.Context(), pipeline.Map(pipeline.Map(src, 2, slow), 2, slow)) {
			break
		}
	})
}

func TestLoopCanRunTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seq := pipeline.All(t.Context(), pipeline.Map(pipeline.From(slices.Values([]int{1, 2, 3})), 2, slow))
		for range 2 {
			var got []int
			for v, err := range seq {
				if err != nil {
					t.Error(err)
				}
				got = append(got, v)
			}
			if !slices.Equal(got, []int{1, 2, 3}) {
				t.Error(got)
			}
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
	broken := func(_ context.Context, yield func(int) bool) error {
		yield(divide(1, 0))
		return nil
	}
	brokenEnd := func(_ context.Context, yield func(int) bool) error {
		for yield(1) {
		}
		divide(1, 0)
		return nil
	}
	f := func(_ context.Context, i int) (int, error) { return divide(1, i-3), nil }
	for name, src := range map[string]pipeline.Source[int]{
		"source":                  broken,
		"source before a Map":     pipeline.Map(pipeline.Map(broken, 2, slow), 2, slow),
		"source, after the break": pipeline.Map(brokenEnd, 2, slow),
		"f":                       pipeline.Map(naturals, 2, f),
		"f before a Map":          pipeline.Map(pipeline.Map(naturals, 3, f), 2, slow),
	} {
		synctest.Test(t, func(t *testing.T) {
			v := recovered(func() {
				n := 0
				for _, err := range pipeline.All(t.Context(), src) {
					if n++; err != nil || n == 10 {
						break
					}
				}
			})
			p, ok := v.(*pipeline.PanicError)
			if !ok {
				t.Fatalf("%s: the caller recovers %v", name, v)
			}
			if !strings.Contains(string(p.Stack), "pipeline_test.divide") {
				t.Errorf("%s: the stack does not show where the panic began:\n%s", name, p.Stack)
			}
			if _, ok := errors.AsType[runtime.Error](p); !ok || strings.Count(p.Error(), "divide by zero") != 1 {
				t.Errorf("%s: the panic has lost its value: %v", name, p)
			}
		})
	}
}

// TestMapIsASource checks that a source made by Map keeps the rules of a Source
// also if it is called directly.
func TestMapIsASource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int64
		src := pipeline.Map(naturals, 3, func(ctx context.Context, i int) (int, error) {
			running.Add(1)
			defer running.Add(-1)
			return slow(ctx, i)
		})
		n := 0
		src(t.Context(), func(int) bool { n++; return n < 3 })
		if n != 3 || running.Load() != 0 {
			t.Errorf("yield called %d times, %d calls outlive the source", n, running.Load())
		}
		v := recovered(func() { src(t.Context(), func(int) bool { panic("broken yield") }) })
		if v != "broken yield" || running.Load() != 0 {
			t.Errorf("the caller recovers %v, %d calls outlive the source", v, running.Load())
		}
	})
}

func TestPanicInTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := recovered(func() {
			for range pipeline.All(t.Context(), pipeline.Map(naturals, 2, slow)) {
				panic("broken loop")
			}
		})
		if v != "broken loop" {
			t.Errorf("the caller recovers %v", v)
		}
	})
}

func TestGoexitReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := false
		done := make(chan struct{}) // closed by the goroutine below; nothing is sent
		go func() {                 // ends by runtime.Goexit
			defer close(done)
			for range pipeline.All(t.Context(), pipeline.Map(naturals, 2, func(_ context.Context, i int) (int, error) {
				if i == 5 {
					runtime.Goexit() // as t.FailNow does
				}
				return i, nil
			})) {
			}
			returned = true
		}()
		<-done
		if returned {
			t.Error("the loop ended as if nothing had happened")
		}
	})
}

func TestNoWorkers(t *testing.T) {
	v := recovered(func() { pipeline.Map(naturals, 0, slow) })
	if v != "pipeline: workers < 1" {
		t.Error(v)
	}
}

func TestNoAllocationForAValue(t *testing.T) {
	const values = 10_000
	src := func(_ context.Context, yield func(int) bool) error {
		for i := range values {
			if !yield(i) {
				break
			}
		}
		return nil
	}
	allocs := testing.AllocsPerRun(3, func() {
		for range pipeline.All(context.Background(), pipeline.Map(src, 2, func(_ context.Context, i int) (int, error) { return i, nil })) {
		}
	})
	if allocs > values/100 {
		t.Errorf("%v allocations for %d values", allocs, values)
	}
}
