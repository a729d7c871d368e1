package fanin_test

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

	"github.com/concurlint/concurlint/patterns/fanin"
)

// Two sources become one loop. Each keeps its order, but not with the other.
func ExampleMerge() {
	errors := fanin.From(slices.Values([]string{"disk full", "timeout"}))
	metrics := make(chan string, 2) // closed below, as all is sent; capacity for all, as there is no goroutine
	metrics <- "cpu 80%"
	metrics <- "cpu 20%"
	close(metrics)

	for event, err := range fanin.Merge(context.Background(), errors, fanin.Receive(metrics)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event)
	}
	// Unordered output:
	// disk full
	// timeout
	// cpu 80%
	// cpu 20%
}

// A break stops the sources: the loop is over when they have returned.
func ExampleMerge_break() {
	count := func(ctx context.Context, yield func(int) bool) error {
		defer fmt.Println("source has ended")
		for i := 1; yield(i); i++ {
		}
		return nil
	}

	for i := range fanin.Merge(context.Background(), count) {
		fmt.Println(i)
		if i == 3 {
			break
		}
	}
	fmt.Println("loop has ended")
	// Output:
	// 1
	// 2
	// 3
	// source has ended
	// loop has ended
}

// Four workers share the work; the results come as they are ready.
func ExampleMap() {
	words := fanin.From(strings.FieldsSeq("to be or not"))
	shout := func(ctx context.Context, word string) (string, error) {
		return strings.ToUpper(word), nil
	}

	for word, err := range fanin.Map(context.Background(), 4, words, shout) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(word)
	}
	// Unordered output:
	// TO
	// BE
	// OR
	// NOT
}

// The first error is the last thing that the loop sees.
func ExampleMap_error() {
	quotient := func(ctx context.Context, n int) (int, error) {
		if n == 0 {
			return 0, errors.New("division by zero")
		}
		return 12 / n, nil
	}

	for q, err := range fanin.Map(context.Background(), 1, fanin.From(slices.Values([]int{3, 4, 0, 5})), quotient) {
		fmt.Println(q, err)
	}
	// Output:
	// 4 <nil>
	// 3 <nil>
	// 0 division by zero
}

var errSource = errors.New("source failed")

// A scenario is one way in which a loop may go. Times are those of a bubble.
type scenario struct {
	sources, each int           // each source has so many values
	fail          int           // the index of the value instead of which there is an error; beyond: none
	cancel        time.Duration // when the caller cancels; negative: never
	leave         int           // the number of values after which the loop breaks; negative: never
	seed          uint64        // decides how long everything takes
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{sources: r.IntN(6), each: r.IntN(12), cancel: -1, leave: -1, seed: r.Uint64()}
	sc.fail = r.IntN(2*sc.sources*sc.each + 1)
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(100)) * time.Millisecond
	}
	if r.IntN(3) == 0 {
		sc.leave = r.IntN(20)
	}
	return sc
}

func (sc scenario) context(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	if sc.cancel == 0 {
		cancel()
	} else if sc.cancel > 0 {
		time.AfterFunc(sc.cancel, cancel)
	}
	return ctx
}

// delays returns a pause for each value, and for each in the loop.
func (sc scenario) delays() []time.Duration {
	r := rand.New(rand.NewPCG(sc.seed, 0))
	d := make([]time.Duration, sc.sources*sc.each)
	for i := range d {
		d[i] = time.Duration(r.IntN(20)) * time.Millisecond
	}
	return d
}

// consume ranges over seq, whose values are numbers from 0, and checks that none
// comes twice, none after an error, and all if there is none.
func (sc scenario) consume(t *testing.T, seq iter.Seq2[int, error]) (values []int) {
	t.Helper()
	var failed error
	left := false
	for v, err := range seq {
		if failed != nil {
			t.Fatalf("%+v: %d, %v after the error %v", sc, v, err, failed)
		}
		if failed = err; err != nil {
			continue
		}
		if slices.Contains(values, v) {
			t.Errorf("%+v: %d comes twice", sc, v)
		}
		values = append(values, v)
		if len(values) == sc.leave {
			left = true
			break
		}
		time.Sleep(time.Duration(sc.seed%3) * time.Millisecond)
	}
	fails := sc.fail < sc.sources*sc.each
	switch {
	case left: // anything goes
	case failed == nil && (fails || len(values) != sc.sources*sc.each):
		t.Errorf("%+v: no error with %d values", sc, len(values))
	case errors.Is(failed, errSource) && !fails, errors.Is(failed, context.Canceled) && sc.cancel < 0:
		t.Errorf("%+v: an error from nowhere: %v", sc, failed)
	case failed != nil && !errors.Is(failed, errSource) && !errors.Is(failed, context.Canceled):
		t.Errorf("%+v: unexpected error %v", sc, failed)
	}
	return values
}

func checkMerge(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int64
		delays := sc.delays()
		sources := make([]fanin.Source[int], sc.sources)
		for s := range sources {
			sources[s] = func(ctx context.Context, yield func(int) bool) error {
				running.Add(1)
				defer running.Add(-1)
				for i := s * sc.each; i < (s+1)*sc.each; i++ {
					time.Sleep(delays[i])
					if i == sc.fail {
						return errSource
					}
					if !yield(i) {
						return errors.New("dropped: the loop knows already")
					}
				}
				return nil
			}
		}
		values := sc.consume(t, fanin.Merge(sc.context(t), sources...))
		if n := running.Load(); n != 0 {
			t.Errorf("%+v: %d sources outlive the loop", sc, n)
		}
		next := make(map[int]int) // by source
		for _, v := range values {
			if s := v / sc.each; v%sc.each != next[s] {
				t.Errorf("%+v: source %d yields %d instead of %d", sc, s, v%sc.each, next[s])
			} else {
				next[s]++
			}
		}
	})
}

func checkMap(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		var running, feeding atomic.Int64
		delays := sc.delays()
		workers := 1 + int(sc.seed%7)
		in := func(ctx context.Context, yield func(int) bool) error {
			feeding.Add(1)
			defer feeding.Add(-1)
			for i := range delays {
				if !yield(i) {
					break
				}
			}
			return nil
		}
		values := sc.consume(t, fanin.Map(sc.context(t), workers, in, func(ctx context.Context, i int) (int, error) {
			if n := running.Add(1); n > int64(workers) {
				t.Errorf("%+v: %d calls at a time", sc, n)
			}
			defer running.Add(-1)
			time.Sleep(delays[i])
			if i == sc.fail {
				return 0, errSource
			}
			return len(delays) - 1 - i, nil // not the input
		}))
		if n := running.Load() + feeding.Load(); n != 0 {
			t.Errorf("%+v: %d goroutines outlive the loop", sc, n)
		}
		for _, v := range values {
			if v < 0 || v >= len(delays) {
				t.Errorf("%+v: %d is no result", sc, v)
			}
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 300 {
		sc := randomScenario(rand.New(rand.NewPCG(uint64(i), 1)))
		checkMerge(t, sc)
		checkMap(t, sc)
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add(uint8(0), uint8(0), uint8(9), int8(-1), int8(-1), uint64(1))
	f.Add(uint8(3), uint8(4), uint8(5), int8(-1), int8(-1), uint64(2))
	f.Add(uint8(3), uint8(4), uint8(99), int8(20), int8(-1), uint64(3))
	f.Add(uint8(3), uint8(4), uint8(99), int8(-1), int8(5), uint64(4))
	f.Fuzz(func(t *testing.T, sources, each, fail uint8, cancel, leave int8, seed uint64) {
		sc := scenario{int(sources % 16), int(each % 32), int(fail), time.Duration(cancel) * time.Millisecond, int(leave), seed}
		checkMerge(t, sc)
		checkMap(t, sc)
	})
}

// naturals never ends by itself.
func naturals(_ context.Context, yield func(int) bool) error {
	for i := 0; yield(i); i++ {
	}
	return nil
}

// silent yields nothing until its context is done.
func silent(ctx context.Context, _ func(int) bool) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestContextEndsWithTheLoop checks that a loop leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheLoop(t *testing.T) {
	var inner context.Context
	for range fanin.Merge(t.Context(), func(ctx context.Context, _ func(int) bool) error {
		inner = ctx
		return nil
	}) {
	}
	if inner.Err() == nil {
		t.Error("the context of the source is not done")
	}
}

func TestSourcesRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(_ context.Context, yield func(int) bool) error {
			for i := range 3 {
				time.Sleep(time.Hour)
				yield(i)
			}
			return nil
		}
		start, n := time.Now(), 0
		for range fanin.Merge(t.Context(), slow, slow, slow, slow) {
			n++
		}
		if took := time.Since(start); n != 12 || took != 3*time.Hour {
			t.Errorf("%d values in %v", n, took)
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		n := 0
		for v, err := range fanin.Merge(ctx, naturals, silent) {
			if n++; v != 0 || err != reason {
				t.Errorf("Merge yields %d, %v", v, err)
			}
		}
		for v, err := range fanin.Map(ctx, 2, naturals, func(context.Context, int) (int, error) {
			t.Error("Map has called f")
			return 0, nil
		}) {
			if n++; v != 0 || err != reason {
				t.Errorf("Map yields %d, %v", v, err)
			}
		}
		if n != 2 {
			t.Errorf("%d errors", n)
		}
	})
}

func TestBreakStopsASilentSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan int) // never closed, nothing is sent
		for range fanin.Merge(t.Context(), naturals, silent, fanin.Receive(never)) {
			break
		}
	})
}

func TestLoopCanRunTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seq := fanin.Map(t.Context(), 2, fanin.From(slices.Values([]int{1, 2, 3})), func(_ context.Context, i int) (int, error) { return i, nil })
		for range 2 {
			sum := 0
			for v, err := range seq {
				if err != nil {
					t.Error(err)
				}
				sum += v
			}
			if sum != 6 {
				t.Errorf("sum %d", sum)
			}
		}
	})
}

func TestSlowLoopSlowsTheSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made, seen := 0, 0 // need no lock: synctest.Wait comes between
		src := func(_ context.Context, yield func(int) bool) error {
			for made = 1; yield(made); made++ {
			}
			return nil
		}
		for range fanin.Merge(t.Context(), src) {
			synctest.Wait()
			if seen++; made > seen+1 {
				t.Errorf("%d values made, %d seen", made, seen)
			}
			if seen == 10 {
				break
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

func checkPanic(t *testing.T, name string, v any) {
	t.Helper()
	p, ok := v.(*fanin.PanicError)
	if !ok {
		t.Fatalf("%s: the caller recovers %v", name, v)
	}
	if !strings.Contains(string(p.Stack), "fanin_test.divide") {
		t.Errorf("%s: the stack does not show where the panic began:\n%s", name, p.Stack)
	}
	if _, ok := errors.AsType[runtime.Error](p); !ok || !strings.Contains(p.Error(), "divide by zero") {
		t.Errorf("%s: the panic has lost its value: %v", name, p)
	}
}

func TestPanic(t *testing.T) {
	broken := func(_ context.Context, yield func(int) bool) error {
		divide(1, 0)
		return nil
	}
	brokenEnd := func(_ context.Context, yield func(int) bool) error {
		for yield(1) {
		}
		divide(1, 0)
		return nil
	}
	count := func(seq iter.Seq2[int, error]) (n int) {
		for _, err := range seq {
			if err != nil {
				return n
			}
			if n++; n == 10 {
				break
			}
		}
		return n
	}
	f := func(_ context.Context, i int) (int, error) { return divide(1, i-3), nil }
	for name, run := range map[string]func(context.Context){
		"source":                  func(ctx context.Context) { count(fanin.Merge(ctx, silent, broken, naturals)) },
		"source of Map":           func(ctx context.Context) { count(fanin.Map(ctx, 2, broken, f)) },
		"source, after the break": func(ctx context.Context) { count(fanin.Merge(ctx, naturals, brokenEnd)) },
		"f":                       func(ctx context.Context) { count(fanin.Map(ctx, 2, naturals, f)) },
		"source of an inner Merge": func(ctx context.Context) {
			inner := func(ctx context.Context, yield func(int) bool) error {
				count(fanin.Merge(ctx, broken))
				return nil
			}
			count(fanin.Merge(ctx, silent, inner))
		},
	} {
		synctest.Test(t, func(t *testing.T) { checkPanic(t, name, recovered(func() { run(t.Context()) })) })
	}
}

func TestPanicInTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := recovered(func() {
			for range fanin.Merge(t.Context(), naturals, silent) {
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
		exit := func(context.Context, func(int) bool) error {
			runtime.Goexit() // as t.FailNow does
			return nil
		}
		returned := false
		done := make(chan struct{}) // closed by the goroutine below; nothing is sent
		go func() {                 // ends by runtime.Goexit
			defer close(done)
			for range fanin.Merge(t.Context(), silent, exit) {
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
	v := recovered(func() { fanin.Map[int, int](t.Context(), 0, naturals, nil) })
	if v != "fanin: workers < 1" {
		t.Error(v)
	}
}

func TestNoAllocationForAValue(t *testing.T) {
	const values = 10_000
	in := func(_ context.Context, yield func(int) bool) error {
		for i := range values {
			if !yield(i) {
				break
			}
		}
		return nil
	}
	allocs := testing.AllocsPerRun(3, func() {
		for range fanin.Map(context.Background(), 2, in, func(_ context.Context, i int) (int, error) { return i, nil }) {
		}
	})
	if allocs > values/100 {
		t.Errorf("%v allocations for %d values", allocs, values)
	}
}
