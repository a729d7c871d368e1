package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
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

// distinct is a stage of one's own: a Source that ranges over another. It drops a
// value that is the same as the one before.
func distinct[T comparable](src pipeline.Source[T]) pipeline.Source[T] {
	return func(ctx context.Context, yield func(T) bool) error {
		var last T
		first := true
		for v, err := range pipeline.All(ctx, src) {
			if err != nil {
				return err
			}
			if (first || v != last) && !yield(v) {
				return nil
			}
			first, last = false, v
		}
		return nil
	}
}

// A stage with a state is a function that ranges over the stage before.
func ExampleAll_ownStage() {
	states := pipeline.From(slices.Values([]string{"up", "up", "down", "down", "up"}))

	for state, err := range pipeline.All(context.Background(), distinct(states)) {
		fmt.Println(state, err)
	}
	// Output:
	// up <nil>
	// down <nil>
	// up <nil>
}

// A break stops all stages: the loop is over when they have ended.
func ExampleAll_break() {
	count := func(_ context.Context, yield func(int) bool) error {
		defer fmt.Println("source has ended")
		for i := 1; yield(i); i++ {
		}
		return nil
	}

	for batch := range pipeline.All(context.Background(), pipeline.Batch(count, 3, 0)) {
		fmt.Println(batch)
		break
	}
	fmt.Println("loop has ended")
	// Output:
	// [1 2 3]
	// source has ended
	// loop has ended
}

// Rows are inserted two at a time, and so is the rest.
func ExampleBatch() {
	rows := pipeline.From(strings.FieldsSeq("ada bob cyd dan eve"))

	for batch, err := range pipeline.All(context.Background(), pipeline.Batch(rows, 2, 0)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("insert", batch)
	}
	// Output:
	// insert [ada bob]
	// insert [cyd dan]
	// insert [eve]
}

// A batch does not wait for more than ten milliseconds to be full.
func ExampleBatch_wait() {
	quiet := make(chan struct{}) // closed by the loop; nothing is sent
	events := func(ctx context.Context, yield func(string) bool) error {
		yield("login")
		yield("click")
		select {
		case <-quiet:
		case <-ctx.Done():
		}
		yield("logout")
		return nil
	}

	for batch, err := range pipeline.All(context.Background(), pipeline.Batch(events, 100, 10*time.Millisecond)) {
		fmt.Println(batch, err)
		if len(batch) == 2 {
			close(quiet)
		}
	}
	// Output:
	// [login click] <nil>
	// [logout] <nil>
}

// Requests are sent one each five milliseconds at most.
func ExampleThrottle() {
	pages := pipeline.From(slices.Values([]string{"/", "/about", "/news"}))
	start := time.Now()

	for page, err := range pipeline.All(context.Background(), pipeline.Throttle(pages, 5*time.Millisecond)) {
		fmt.Println(page, err)
	}
	fmt.Println("in time:", time.Since(start) >= 10*time.Millisecond)
	// Output:
	// / <nil>
	// /about <nil>
	// /news <nil>
	// in time: true
}

var (
	errStage = errors.New("stage failed")
	errStop  = errors.New("shutting down") // why a caller cancels
	errLate  = errors.New("a consequence of what happened before")
)

// A stage makes a Source of the values 0 to n-1, for each of which the first
// source, or a worker, calls do.
type stage func(n int, do func(context.Context, int) error) pipeline.Source[int]

var stages = map[string]stage{
	"source": source,
	"source before a stage": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return distinct(source(n, do))
	},
	"source of Map": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Map(source(n, do), 3, same)
	},
	"source of Maps": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Map(pipeline.Map(source(n, do), 2, same), 3, same)
	},
	"f of Map": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Map(source(n, nil), 3, with(do))
	},
	"f before a Map": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Map(pipeline.Map(source(n, nil), 3, with(do)), 2, same)
	},
	"source of Batch": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return flat(pipeline.Batch(source(n, do), 2, 0))
	},
	"source of Batch that waits": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return flat(pipeline.Batch(source(n, do), 4, time.Microsecond))
	},
	"source of Throttle": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Throttle(source(n, do), time.Nanosecond)
	},
	"f before all": func(n int, do func(context.Context, int) error) pipeline.Source[int] {
		return pipeline.Throttle(distinct(flat(pipeline.Batch(pipeline.Map(source(n, nil), 2, with(do)), 3, time.Microsecond))), time.Nanosecond)
	},
}

// source yields the numbers 0 to n-1, each after a call of do.
func source(n int, do func(context.Context, int) error) pipeline.Source[int] {
	return func(ctx context.Context, yield func(int) bool) error {
		for i := range n {
			if do != nil {
				if err := do(ctx, i); err != nil {
					return err
				}
			}
			if !yield(i) {
				return errLate
			}
		}
		return nil
	}
}

// flat makes values of batches.
func flat(batches pipeline.Source[[]int]) pipeline.Source[int] {
	return func(ctx context.Context, yield func(int) bool) error {
		return batches(ctx, func(batch []int) bool {
			return !slices.ContainsFunc(batch, func(v int) bool { return !yield(v) })
		})
	}
}

// with returns an f that changes nothing but calls do.
func with(do func(context.Context, int) error) func(context.Context, int) (int, error) {
	return func(ctx context.Context, i int) (int, error) { return i, do(ctx, i) }
}

// same is an f that does nothing.
func same(_ context.Context, i int) (int, error) { return i, nil }

// slow takes an hour for each value.
func slow(_ context.Context, i int) (int, error) {
	time.Sleep(time.Hour)
	return i, nil
}

// naturals never ends by itself.
func naturals(_ context.Context, yield func(int) bool) error {
	for i := 0; yield(i); i++ {
	}
	return nil
}

// endless is more than what a loop takes before a test ends it.
const endless = 1000

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

func (rec *recorder) errorf(format string, args ...any) {
	rec.t.Helper()
	rec.t.Errorf("%+v: %s", rec.scenario, fmt.Sprintf(format, args...))
}

func (rec *recorder) source(_ context.Context, yield func(int) bool) error {
	rec.open.Add(1)
	defer rec.open.Add(-1)
	for i := range rec.values {
		if rec.seed%2 == 0 {
			time.Sleep(rec.delays[rec.values-1-i] / 4)
		}
		if rec.failSource && i == rec.fail {
			return errStage
		}
		if held := rec.taken.Add(1) - rec.seen.Load(); held > int64(2*rec.workers+4) { // there are four stages
			rec.errorf("%d values in flight", held)
		}
		if !yield(i) {
			return errLate
		}
	}
	return nil
}

func (rec *recorder) square(ctx context.Context, i int) (int, error) {
	if n := rec.running.Add(1); n > int64(rec.workers) {
		rec.errorf("%d calls at a time", n)
	}
	defer rec.running.Add(-1)
	select {
	case <-time.After(rec.delays[i]):
	case <-ctx.Done():
		return 0, errLate
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
		return distinct(src)(ctx, yield)
	}
}

func cancelAfter(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	if d == 0 {
		cancel(errStop)
	} else if d > 0 {
		time.AfterFunc(d, func() { cancel(errStop) })
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
			if v != 0 {
				rec.errorf("%d comes with an error", v)
			}
			continue
		}
		i := int(rec.seen.Add(1)) - 1
		if v != i*i {
			rec.errorf("value %d is %d", i, v)
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
		left, err := rec.consume(pipeline.All(cancelAfter(t, sc.cancel), squares))
		if n := rec.open.Load() + rec.running.Load(); n != 0 {
			rec.errorf("%d stages outlive the loop", n)
		}
		fails := sc.fail < sc.values
		switch {
		case left: // anything goes
		case err == nil && (fails || rec.seen.Load() != int64(sc.values)):
			rec.errorf("no error with %d values", rec.seen.Load())
		case err == errStage && !fails, err == errStop && sc.cancel < 0:
			rec.errorf("an error from nowhere: %v", err)
		case err != nil && err != errStage && err != errStop:
			rec.errorf("unexpected error %v", err)
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 1000 {
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

// spaced yields the values 0 to len(gaps)-2, each after its gap, and returns err
// after the last gap.
func spaced(gaps []time.Duration, err error) pipeline.Source[int] {
	return func(_ context.Context, yield func(int) bool) error {
		for i, gap := range gaps {
			time.Sleep(gap)
			if i == len(gaps)-1 {
				return err
			}
			if !yield(i) {
				return errLate
			}
		}
		return err
	}
}

// milliseconds returns the bytes as durations, which are all even.
func milliseconds(bytes string) []time.Duration {
	gaps := make([]time.Duration, len(bytes))
	for i := range gaps {
		gaps[i] = time.Duration(bytes[i]) * 2 * time.Millisecond
	}
	return gaps
}

// A timed value has arrived some time after the loop began.
type timed[T any] struct {
	at time.Duration
	v  T
}

// arrivals ranges over a loop in a bubble until there have been enough values,
// and returns them and the error.
func arrivals[T any](t *testing.T, src pipeline.Source[T], enough int) (all []timed[T], last error) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for v, err := range pipeline.All(t.Context(), src) {
			if last = err; err == nil {
				all = append(all, timed[T]{time.Since(start), v})
			}
			if len(all) == enough {
				break
			}
		}
	})
	return all, last
}

// batched returns what Batch has to make of spaced values. No two things happen at
// the same time if gaps are even milliseconds and wait is an odd one.
func batched(gaps []time.Duration, size int, wait time.Duration) (all []timed[[]int]) {
	var now, first time.Duration
	var batch []int
	handOn := func(at time.Duration) {
		if len(batch) > 0 {
			all = append(all, timed[[]int]{at, batch})
			batch = nil
		}
	}
	for i, gap := range gaps {
		if now += gap; wait > 0 && first+wait < now {
			handOn(first + wait)
		}
		if i == len(gaps)-1 {
			break
		}
		if batch == nil {
			first = now
		}
		if batch = append(batch, i); len(batch) == size {
			handOn(now)
		}
	}
	handOn(now)
	return all
}

func checkBatch(t *testing.T, gaps []time.Duration, size int, wait time.Duration, fail bool, leave int) {
	var want error
	if fail {
		want = errStage
	}
	got, err := arrivals(t, pipeline.Batch(spaced(gaps, want), size, wait), leave)
	model := batched(gaps, size, wait)
	if leave > 0 && leave <= len(model) {
		model, want = model[:leave], nil
	}
	// The batches are compared only now, so that none may have been used again.
	if !reflect.DeepEqual(got, model) || err != want {
		t.Errorf("gaps %v, size %d, wait %v: %v, then %v; not %v, then %v", gaps, size, wait, got, err, model, want)
	}
}

func TestBatch(t *testing.T) {
	for i := range 1000 {
		r := rand.New(rand.NewPCG(uint64(i), 2))
		gaps := make([]time.Duration, r.IntN(20))
		for i := range gaps {
			gaps[i] = time.Duration(r.IntN(2)*r.IntN(20)*2) * time.Millisecond
		}
		wait := time.Duration(r.IntN(2)*(1+2*r.IntN(30))) * time.Millisecond
		checkBatch(t, gaps, 1+r.IntN(6), wait, r.IntN(3) == 0, r.IntN(3)*r.IntN(4)-1)
	}
}

func FuzzBatch(f *testing.F) {
	f.Add("", uint8(0), uint8(0), false, uint8(0))
	f.Add("\x00\x00\x00\x00\x00\x00", uint8(1), uint8(0), false, uint8(0))
	f.Add("\x01\x02\x10\x01\x10\x00", uint8(3), uint8(4), true, uint8(0))
	f.Add("\x01\x02\x10\x01\x10\x00", uint8(2), uint8(9), false, uint8(2))
	f.Fuzz(func(t *testing.T, gaps string, size, wait uint8, fail bool, leave uint8) {
		pause := time.Duration(0)
		if wait > 0 {
			pause = time.Duration(2*wait-1) * time.Millisecond
		}
		checkBatch(t, milliseconds(gaps), 1+int(size), pause, fail, int(leave))
	})
}

// TestBatchTimes shows the rules that TestBatch checks.
func TestBatchTimes(t *testing.T) {
	const h = time.Hour
	for name, tt := range map[string]struct {
		gaps []time.Duration
		size int
		wait time.Duration
		want []timed[[]int]
	}{
		"no values":       {[]time.Duration{h}, 2, h, nil},
		"full":            {[]time.Duration{h, h, h, h, 0}, 2, 0, []timed[[]int]{{2 * h, []int{0, 1}}, {4 * h, []int{2, 3}}}},
		"rest at the end": {[]time.Duration{h, h, h, h}, 2, 0, []timed[[]int]{{2 * h, []int{0, 1}}, {4 * h, []int{2}}}},
		"wait":            {[]time.Duration{h, h, h, 9 * h, 0}, 9, 5 * h / 2, []timed[[]int]{{7 * h / 2, []int{0, 1, 2}}, {12 * h, []int{3}}}},
		"wait from the first": {[]time.Duration{h, 2 * h, 2 * h, h}, 9, 3 * h / 2, []timed[[]int]{
			{5 * h / 2, []int{0}}, {9 * h / 2, []int{1}}, {6 * h, []int{2}}}},
		"a full batch does not leave its wait": {[]time.Duration{h, 0, h, 9 * h}, 2, 3 * h / 2, []timed[[]int]{{h, []int{0, 1}}, {7 * h / 2, []int{2}}}},
		"no wait, but for the end":             {[]time.Duration{h, 99 * h, h}, 9, 0, []timed[[]int]{{101 * h, []int{0, 1}}}},
	} {
		got, err := arrivals(t, pipeline.Batch(spaced(tt.gaps, nil), tt.size, tt.wait), -1)
		if !reflect.DeepEqual(got, tt.want) || err != nil {
			t.Errorf("%s: %v, err = %v", name, got, err)
		}
	}
}

// TestBatchesAreTheReceivers changes each batch, also beyond its end.
func TestBatchesAreTheReceivers(t *testing.T) {
	var all [][]int
	for batch := range pipeline.All(t.Context(), pipeline.Batch(source(11, nil), 3, 0)) {
		all = append(all, batch)
	}
	for i, batch := range all {
		want := []int{3 * i, 3*i + 1, 3*i + 2}[:min(3, 11-3*i)]
		if !slices.Equal(batch, want) {
			t.Errorf("batch %d is %v", i, batch)
		}
		for i := range append(batch, 99) {
			batch[:cap(batch)][min(i, cap(batch)-1)] = 99
		}
	}
}

// throttled returns when a value has to come that is ready after its gap, if each
// takes the loop the time of busy.
func throttled(gaps []time.Duration, interval, busy time.Duration) (all []timed[int]) {
	now, next := time.Duration(0), time.Duration(0)
	for i := range len(gaps) - 1 {
		now = max(now+gaps[i], next)
		all = append(all, timed[int]{now, i})
		next = now + interval
		now += busy
	}
	return all
}

func checkThrottle(t *testing.T, gaps []time.Duration, interval, busy time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var got []timed[int]
		err := pipeline.Throttle(spaced(gaps, errStage), interval)(t.Context(), func(i int) bool {
			got = append(got, timed[int]{time.Since(start), i})
			time.Sleep(busy)
			return true
		})
		if want := throttled(gaps, interval, busy); !slices.Equal(got, want) || err != errStage {
			t.Errorf("gaps %v, interval %v, busy %v: %v, err = %v; not %v", gaps, interval, busy, got, err, want)
		}
	})
}

func TestThrottle(t *testing.T) {
	const h = time.Hour
	checkThrottle(t, []time.Duration{0, 0, 0, 0}, h, 0) // at 0, 1 and 2 h
	checkThrottle(t, []time.Duration{h, 5 * h, 0, 0}, h, 0)
	checkThrottle(t, []time.Duration{0, 0, 0, 0}, h, 3*h)
	for i := range 300 {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		gaps := make([]time.Duration, r.IntN(20))
		for i := range gaps {
			gaps[i] = time.Duration(r.IntN(2)*r.IntN(20)) * time.Millisecond
		}
		checkThrottle(t, gaps, time.Duration(1+r.IntN(20))*time.Millisecond, time.Duration(r.IntN(20))*time.Millisecond)
	}
}

func FuzzThrottle(f *testing.F) {
	f.Add("", uint8(0), uint8(0))
	f.Add("\x00\x00\x00\x10\x00", uint8(3), uint8(0))
	f.Add("\x00\x02\x00\x10\x00", uint8(9), uint8(8))
	f.Fuzz(func(t *testing.T, gaps string, interval, busy uint8) {
		checkThrottle(t, milliseconds(gaps), time.Duration(1+int(interval))*time.Millisecond, time.Duration(busy)*time.Millisecond)
	})
}

// TestThrottleSlowsItsSource, and that in step with the loop.
func TestThrottleSlowsItsSource(t *testing.T) {
	var made atomic.Int64
	src := source(endless, func(context.Context, int) error { made.Add(1); return nil })
	got, err := arrivals(t, pipeline.Throttle(src, time.Hour), 5)
	if n := made.Load(); err != nil || got[4].at != 4*time.Hour || n > 6 {
		t.Errorf("%v, err = %v, %d values were made", got, err, n)
	}
}

func TestCancelledWhileAStageWaits(t *testing.T) {
	for name, src := range map[string]pipeline.Source[int]{
		"Throttle":         pipeline.Throttle(naturals, time.Hour),
		"Throttle and Map": pipeline.Map(pipeline.Throttle(naturals, time.Hour), 2, same),
		"Batch":            flat(pipeline.Batch(pipeline.Throttle(naturals, time.Hour), 3, 10*time.Hour)),
		"Batch that waits": flat(pipeline.Batch(pipeline.Throttle(naturals, time.Hour), 3, time.Nanosecond)),
	} {
		synctest.Test(t, func(t *testing.T) {
			start, n := time.Now(), 0
			var last error
			for _, err := range pipeline.All(cancelAfter(t, 150*time.Minute), src) {
				if last = err; err == nil {
					n++
				}
			}
			if took := time.Since(start); last != errStop || n != 3 || took != 150*time.Minute {
				t.Errorf("%s: %d values, err = %v after %v", name, n, last, took)
			}
		})
	}
}

// TestManyValues is for the race detector: no bubble makes the goroutines wait.
func TestManyValues(t *testing.T) {
	for name, stage := range stages {
		n := 0
		for v, err := range pipeline.All(t.Context(), stage(3000, func(context.Context, int) error { return nil })) {
			if err != nil || v != n {
				t.Errorf("%s: %d, %v comes after %d values", name, v, err, n)
				break
			}
			n++
		}
		if n != 3000 {
			t.Errorf("%s: %d values", name, n)
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
			if p, ok := e.panicked.(*pipeline.PanicError); ok {
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
	pkg := reflect.TypeFor[pipeline.PanicError]().PkgPath() + "."
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

// A step is what happens with a value, in a source, in f, or in the loop. Only the
// last of these looks at whether there are to be more.
type step func(v int, cancel context.CancelCauseFunc) (more bool, err error)

func goOn(int, context.CancelCauseFunc) (bool, error) { return true, nil }

// steps are the ways to end a loop, and how it is seen to end.
var steps = map[string]struct {
	step
	want ending
}{
	"error":  {func(int, context.CancelCauseFunc) (bool, error) { return true, errStage }, ending{err: errStage}},
	"cancel": {func(_ int, cancel context.CancelCauseFunc) (bool, error) { cancel(errStop); return true, nil }, ending{err: errStop}},
	"panic":  {func(int, context.CancelCauseFunc) (bool, error) { panic("broken") }, ending{panicked: "broken"}},
	"Goexit": {func(int, context.CancelCauseFunc) (bool, error) { runtime.Goexit(); return true, nil }, ending{exited: true}}, // as t.FailNow does
	"break":  {func(int, context.CancelCauseFunc) (bool, error) { return false, nil }, ending{}},
}

// play runs a loop over 50 values. Its source or f makes the step do for the value
// 5 and waits at later ones until it is stopped, then to make the step late. The
// loop makes the step body for its sixth value, and atError for an error.
func play(t *testing.T, stage stage, do, late, body, atError step) ending {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var running atomic.Int64
	waits := make(chan struct{}, 50) // never closed; capacity for all calls of do
	defer func() {
		if n := running.Load(); n != 0 {
			t.Errorf("%d sources or calls outlive the loop", n)
		}
	}()
	src := stage(50, func(ctx context.Context, i int) (err error) {
		running.Add(1)
		defer running.Add(-1)
		if i == 5 {
			time.Sleep(time.Millisecond) // so that others wait
			_, err = do(i, cancel)
		} else if i > 5 {
			waits <- struct{}{}
			<-ctx.Done()
			_, err = late(i, cancel)
		}
		return err
	})
	return end(func() (last error) {
		seen := 0
		for v, err := range pipeline.All(ctx, src) {
			more := true
			if last = err; err != nil {
				more, _ = atError(v, cancel)
			} else if seen++; v != seen-1 {
				t.Errorf("value %d is %d", seen-1, v)
			} else if seen == 6 {
				select {
				case <-waits: // so that something is left to be stopped
				case <-ctx.Done():
				}
				more, _ = body(v, cancel)
			}
			if !more {
				return nil
			}
		}
		return last
	})
}

func fails(int, context.CancelCauseFunc) (bool, error) { return true, errLate }

func TestExits(t *testing.T) {
	for name, stage := range stages {
		for exit, tt := range steps {
			if exit != "break" {
				everywhere(t, fmt.Sprintf("%s/%s", name, exit), func(t *testing.T) {
					if got := play(t, stage, tt.step, fails, goOn, goOn); got != tt.want {
						t.Errorf("ended with %+v and not %+v", got, tt.want)
					}
				})
			}
			if exit != "error" {
				everywhere(t, fmt.Sprintf("%s/%s in the loop", name, exit), func(t *testing.T) {
					if got := play(t, stage, goOn, fails, tt.step, goOn); got != tt.want {
						t.Errorf("ended with %+v and not %+v", got, tt.want)
					}
				})
				everywhere(t, fmt.Sprintf("%s/%s in the loop at the error", name, exit), func(t *testing.T) {
					want := tt.want
					if exit == "cancel" {
						want.err = errStage
					}
					if got := play(t, stage, steps["error"].step, fails, goOn, tt.step); got != want {
						t.Errorf("ended with %+v and not %+v", got, want)
					}
				})
				everywhere(t, fmt.Sprintf("%s/%s, then a panic when told to stop", name, exit), func(t *testing.T) {
					want := steps["panic"].want
					if exit == "Goexit" {
						want = tt.want
					}
					if got := play(t, stage, goOn, steps["panic"].step, tt.step, goOn); got != want {
						t.Errorf("ended with %+v and not %+v", got, want)
					}
				})
			}
		}
		everywhere(t, name+"/success", func(t *testing.T) {
			n := 0
			for _, err := range pipeline.All(t.Context(), stage(50, func(context.Context, int) error { return nil })) {
				if err == nil {
					n++
				}
			}
			if n != 50 {
				t.Errorf("%d values", n)
			}
		})
	}
}

// TestPanicWhenStoppedIsNotLost lets a source panic when it is stopped, while a
// stage after it has a value for a loop that has gone.
func TestPanicWhenStoppedIsNotLost(t *testing.T) {
	src := func(ctx context.Context, yield func(int) bool) error {
		for i := range 3 {
			yield(i)
		}
		<-ctx.Done()
		panic("broken")
	}
	for name, src := range map[string]pipeline.Source[int]{
		"source":                src,
		"Map":                   pipeline.Map(src, 2, same),
		"Batch":                 flat(pipeline.Batch(src, 1, 0)),
		"part of a Batch":       flat(pipeline.Batch(src, 2, 0)),
		"Batch that has waited": flat(pipeline.Batch(src, 9, time.Millisecond)),
		"Batch after Map":       flat(pipeline.Batch(pipeline.Map(src, 1, same), 2, 0)),
		"Throttle":              pipeline.Throttle(src, time.Nanosecond),
		"Batch after Throttle":  flat(pipeline.Batch(pipeline.Throttle(src, time.Nanosecond), 2, 0)),
	} {
		synctest.Test(t, func(t *testing.T) {
			got := end(func() error {
				for range pipeline.All(t.Context(), src) {
					time.Sleep(time.Second)
					break
				}
				return nil
			})
			if got.panicked != "broken" {
				t.Errorf("%s: ended with %+v", name, got)
			}
		})
	}
}

// TestStagesAreSources checks that what a stage returns keeps the rules of a Source
// also if it is called directly.
func TestStagesAreSources(t *testing.T) {
	for name, stage := range stages {
		for exit, tt := range steps {
			if exit == "error" || exit == "cancel" {
				continue
			}
			everywhere(t, name+"/"+exit, func(t *testing.T) {
				var running atomic.Int64
				src := stage(endless, func(ctx context.Context, i int) error {
					running.Add(1)
					defer running.Add(-1)
					if i > 5 {
						<-ctx.Done()
						time.Sleep(time.Millisecond)
					}
					return nil
				})
				n := 0
				got := end(func() error {
					src(t.Context(), func(v int) bool {
						if n++; v != n-1 || n > 3 {
							t.Errorf("call %d of yield is for %d", n, v)
						}
						if n < 3 {
							return true
						}
						time.Sleep(time.Millisecond) // so that others are at work
						more, _ := tt.step(v, nil)
						return more
					})
					return nil
				})
				if got != tt.want || n != 3 || running.Load() != 0 {
					t.Errorf("ended with %+v after %d values, %d calls outlive the source", got, n, running.Load())
				}
			})
		}
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	for name, stage := range stages {
		everywhere(t, name, func(t *testing.T) {
			n := 0
			for v, err := range pipeline.All(ctx, stage(endless, func(_ context.Context, i int) error {
				if strings.HasPrefix(name, "f ") {
					t.Errorf("f is called for %d", i)
				}
				return nil
			})) {
				if n++; v != 0 || err != errStop {
					t.Errorf("the loop sees %d, %v", v, err)
				}
			}
			if n != 1 {
				t.Errorf("%d errors", n)
			}
		})
	}
}

// TestContextEndsWithTheLoop checks that a loop leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheLoop(t *testing.T) {
	for name, stage := range stages {
		if name == "source of Throttle" {
			continue // it has no context of its own
		}
		var inner context.Context
		src := stage(1, func(ctx context.Context, _ int) error { inner = ctx; return nil })
		if name != "source" {
			src(t.Context(), func(int) bool { return true })
		} else {
			for range pipeline.All(t.Context(), src) {
			}
		}
		if inner.Err() == nil {
			t.Errorf("%s: the context is not done", name)
		}
	}
}

func TestSlowLoopSlowsTheSource(t *testing.T) {
	for _, tt := range []struct {
		name  string
		least int64 // values that are made while the loop has another
		stage func(src pipeline.Source[int]) pipeline.Source[int]
	}{
		{"All", 1, func(src pipeline.Source[int]) pipeline.Source[int] { return src }},
		{"stage", 2, distinct[int]},
		{"Map", 3, func(src pipeline.Source[int]) pipeline.Source[int] { return pipeline.Map(src, 1, same) }},
		{"Map", 9, func(src pipeline.Source[int]) pipeline.Source[int] { return pipeline.Map(src, 4, same) }},
		{"Throttle", 1, func(src pipeline.Source[int]) pipeline.Source[int] { return pipeline.Throttle(src, time.Nanosecond) }},
	} {
		synctest.Test(t, func(t *testing.T) {
			var made, seen atomic.Int64
			src := source(endless, func(context.Context, int) error { made.Add(1); return nil })
			for range pipeline.All(t.Context(), tt.stage(src)) {
				time.Sleep(time.Second)
				if held := made.Load() - seen.Add(1); held < tt.least || held > tt.least+1 {
					t.Errorf("%s holds %d values", tt.name, held)
				}
				if seen.Load() == 20 {
					break
				}
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		src := source(endless, func(context.Context, int) error { made.Add(1); return nil })
		for batch := range pipeline.All(t.Context(), pipeline.Batch(src, 5, time.Minute)) {
			time.Sleep(time.Hour)
			if held := made.Load() - int64(batch[4]) - 1; held < 5 || held > 6 {
				t.Errorf("Batch holds %d values", held)
			}
			if batch[4] > 20 {
				break
			}
		}
	})
}

func TestStagesRunAtTheSameTime(t *testing.T) {
	hourly := source(10, func(context.Context, int) error { time.Sleep(time.Hour); return nil })
	for name, tt := range map[string]struct {
		src  pipeline.Source[int]
		want time.Duration
	}{
		"source and loop": {hourly, 11 * time.Hour},
		"four stages":     {pipeline.Map(pipeline.Map(hourly, 2, slow), 1, slow), 13 * time.Hour}, // one worker is with the source
		"more workers":    {pipeline.Map(pipeline.Map(hourly, 5, slow), 3, slow), 13 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			for _, err := range pipeline.All(t.Context(), tt.src) {
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Hour)
			}
			if took := time.Since(start); took != tt.want {
				t.Errorf("%s: 10 values in steps of an hour took %v", name, took)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for range pipeline.All(t.Context(), pipeline.Batch(hourly, 5, 0)) {
			time.Sleep(5 * time.Hour)
		}
		if took := time.Since(start); took != 15*time.Hour {
			t.Errorf("a batch is not collected while the loop has another: %v", took)
		}
	})
}

func TestWorkersRunAtTheSameTime(t *testing.T) {
	for workers, want := range map[int]time.Duration{1: 12 * time.Hour, 3: 4 * time.Hour, 4: 3 * time.Hour, 99: time.Hour} {
		got, err := arrivals(t, pipeline.Map(source(12, nil), workers, slow), -1)
		if err != nil || len(got) != 12 || got[11].at != want {
			t.Errorf("%d workers: %v, err = %v", workers, got, err)
		}
	}
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

// TestLoopCanRunAgain ranges over the same loop in two bubbles, one after the
// other.
func TestLoopCanRunAgain(t *testing.T) {
	for name, stage := range stages {
		seq := pipeline.All(context.Background(), stage(7, func(context.Context, int) error { return nil }))
		for range 2 {
			synctest.Test(t, func(t *testing.T) {
				var got []int
				for v, err := range seq {
					if err != nil {
						t.Error(err)
					}
					got = append(got, v)
				}
				if !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6}) {
					t.Errorf("%s: %v", name, got)
				}
			})
		}
	}
}

func divide(a, b int) int { return a / b }

func TestPanicKeepsItsStack(t *testing.T) {
	for name, stage := range stages {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				v := recover()
				p, ok := v.(*pipeline.PanicError)
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
			for range pipeline.All(t.Context(), stage(endless, func(context.Context, int) error { divide(1, 0); return nil })) {
			}
		})
	}
	if err := errors.Unwrap(&pipeline.PanicError{Value: "not an error"}); err != nil {
		t.Errorf("unwrapped: %v", err)
	}
}

// TestCallerLockedToItsThread checks that no coroutine is bound to the goroutine
// of the caller.
func TestCallerLockedToItsThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for name, stage := range stages {
		src := stage(10, func(context.Context, int) error {
			time.Sleep(time.Millisecond) // so that all workers get something
			return nil
		})
		n := 0
		for _, err := range pipeline.All(t.Context(), src) {
			if err == nil {
				n++
			}
		}
		err := src(t.Context(), func(int) bool { n++; return true })
		if n != 20 || err != nil {
			t.Errorf("%s: %d values, err = %v", name, n, err)
		}
	}
}

func TestMisuse(t *testing.T) {
	for want, run := range map[string]func(n int){
		"pipeline: workers < 1":   func(n int) { pipeline.Map(naturals, n, same) },
		"pipeline: size < 1":      func(n int) { pipeline.Batch(naturals, n, time.Hour) },
		"pipeline: interval <= 0": func(n int) { pipeline.Throttle(naturals, time.Duration(n)) },
	} {
		for _, n := range []int{0, -1} {
			if got := end(func() error { run(n); return nil }); got.panicked != want {
				t.Errorf("%d ended with %+v, not %q", n, got, want)
			}
		}
	}
}

func TestNoAllocationForAValue(t *testing.T) {
	check := func(name string, atMost float64, run func(n int)) {
		allocs := func(n int) float64 { return testing.AllocsPerRun(5, func() { run(n) }) }
		if few, many := allocs(1000), allocs(10_000); many > few+20+9000*atMost {
			t.Errorf("%s: %v allocations for 1000 values, %v for 10000", name, few, many)
		}
	}
	for name, stage := range stages {
		if !strings.Contains(name, "Batch") && name != "f before all" {
			check(name, 0, func(n int) {
				for range pipeline.All(context.Background(), stage(n, func(context.Context, int) error { return nil })) {
				}
			})
		}
	}
	check("Batch", 0.1, func(n int) {
		for range pipeline.All(context.Background(), pipeline.Batch(source(n, nil), 10, time.Hour)) {
		}
	})
}
