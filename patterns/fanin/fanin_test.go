package fanin_test

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

// One pass over the readings gives their sum and their maximum.
func ExampleTee() {
	readings := fanin.From(slices.Values([]int{3, 8, 5}))
	sum, most := 0, 0
	err := fanin.Tee(context.Background(), readings,
		func(_ context.Context, in iter.Seq2[int, error]) error {
			for v, err := range in {
				if err != nil {
					return err
				}
				sum += v
			}
			return nil
		},
		func(_ context.Context, in iter.Seq2[int, error]) error {
			for v, err := range in {
				if err != nil {
					return err
				}
				most = max(most, v)
			}
			return nil
		})
	fmt.Println(sum, most, err)
	// Output: 16 8 <nil>
}

// A consumer that has seen enough returns, and the other goes on. When both have,
// the source is stopped.
func ExampleTee_leave() {
	lines := func(_ context.Context, yield func(string) bool) error {
		defer fmt.Println("source has ended")
		for i := 1; yield(fmt.Sprint("line ", i)); i++ {
		}
		return nil
	}
	until := func(last string) func(context.Context, iter.Seq2[string, error]) error {
		return func(_ context.Context, in iter.Seq2[string, error]) error {
			for line, err := range in {
				if err != nil || line == last {
					return err
				}
			}
			return nil
		}
	}

	fmt.Println(fanin.Tee(context.Background(), lines, until("line 1"), until("line 100")))
	// Output:
	// source has ended
	// <nil>
}

var (
	errSource = errors.New("source failed")
	errStop   = errors.New("shutting down") // why a caller cancels
	errLate   = errors.New("a consequence of what happened before")
)

// A loop ranges over the values 0 to n-1 that its sources, or its workers, get by
// calls of do.
type loop func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error]

var loops = map[string]loop{
	"Merge": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Merge(ctx, source(n, do))
	},
	"Merge with others": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Merge(ctx, source(0, nil), source(n, do), fanin.From(slices.Values([]int(nil))))
	},
	"source of Map": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Map(ctx, 3, source(n, do), same)
	},
	"f of Map": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Map(ctx, 3, source(n, nil), func(ctx context.Context, i int) (int, error) { return i, do(ctx, i) })
	},
	"Map in Merge": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Merge(ctx, again(func(ctx context.Context) iter.Seq2[int, error] {
			return fanin.Map(ctx, 2, source(n, do), same)
		}))
	},
	"Map in Map": func(ctx context.Context, n int, do func(context.Context, int) error) iter.Seq2[int, error] {
		return fanin.Map(ctx, 3, again(func(ctx context.Context) iter.Seq2[int, error] {
			return fanin.Map(ctx, 2, source(n, do), same)
		}), same)
	},
}

// source yields the numbers 0 to n-1, each after a call of do.
func source(n int, do func(context.Context, int) error) fanin.Source[int] {
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

// again makes a loop a source.
func again(loop func(context.Context) iter.Seq2[int, error]) fanin.Source[int] {
	return func(ctx context.Context, yield func(int) bool) error {
		for v, err := range loop(ctx) {
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

// same is an f that does nothing.
func same(_ context.Context, i int) (int, error) { return i, nil }

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

// endless is more than what a loop takes before a test ends it.
const endless = 1000

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

// delays returns a pause for each value.
func (sc scenario) delays() []time.Duration {
	r := rand.New(rand.NewPCG(sc.seed, 0))
	d := make([]time.Duration, sc.sources*sc.each)
	for i := range d {
		d[i] = time.Duration(r.IntN(20)) * time.Millisecond
	}
	return d
}

// consume ranges over seq, whose values are numbers from 0, and checks that none
// comes twice, none after an error, and all if there is none: as many as made
// says.
func (sc scenario) consume(t *testing.T, seq iter.Seq2[int, error], made *atomic.Int64) (values []int) {
	t.Helper()
	var failed error
	left := false
	for v, err := range seq {
		if failed != nil {
			t.Fatalf("%+v: %d, %v after the error %v", sc, v, err, failed)
		}
		if failed = err; err != nil {
			if v != 0 {
				t.Errorf("%+v: %d comes with an error", sc, v)
			}
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
	if n := made.Load(); !left && int64(len(values)) != n {
		t.Errorf("%+v: %d values were made, and %d come", sc, n, len(values))
	}
	switch {
	case left: // anything goes
	case failed == nil && (fails || len(values) != sc.sources*sc.each):
		t.Errorf("%+v: no error with %d values", sc, len(values))
	case failed == errSource && !fails, failed == errStop && sc.cancel < 0:
		t.Errorf("%+v: an error from nowhere: %v", sc, failed)
	case failed != nil && failed != errSource && failed != errStop:
		t.Errorf("%+v: unexpected error %v", sc, failed)
	}
	return values
}

func checkMerge(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		var running, made atomic.Int64
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
						return errLate
					}
					made.Add(1)
				}
				return nil
			}
		}
		values := sc.consume(t, fanin.Merge(cancelAfter(t, sc.cancel), sources...), &made)
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
		var running, feeding, made atomic.Int64
		delays := sc.delays()
		workers := 1 + int(sc.seed%7)
		in := func(ctx context.Context, yield func(int) bool) error {
			feeding.Add(1)
			defer feeding.Add(-1)
			for i := range delays {
				if sc.seed%2 == 0 {
					time.Sleep(delays[len(delays)-1-i] / 4)
				}
				if !yield(i) {
					break
				}
			}
			return nil
		}
		values := sc.consume(t, fanin.Map(cancelAfter(t, sc.cancel), workers, in, func(ctx context.Context, i int) (int, error) {
			if n := running.Add(1); n > int64(workers) {
				t.Errorf("%+v: %d calls at a time", sc, n)
			}
			defer running.Add(-1)
			time.Sleep(delays[i])
			if i == sc.fail {
				return 0, errSource
			}
			made.Add(1)
			return len(delays) - 1 - i, nil // not the input
		}), &made)
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
	for i := range 1000 {
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

// A teeScenario is one way in which Tee may go.
type teeScenario struct {
	values    int
	fail      int           // the value instead of which the source fails; beyond: none
	cancel    time.Duration // when the caller cancels; negative: never
	consumers []byte        // one for each consumer
}

// A plan is what the byte of a consumer stands for.
type plan struct {
	leave int           // the number of values after which it returns; negative: never
	err   error         // what it returns then
	pause time.Duration // for each value
}

func planOf(b byte) plan {
	p := plan{leave: int(b % 16), pause: time.Duration(b/64*3) * time.Millisecond}
	if b&16 == 0 {
		p.leave = -1
	} else if b&32 == 0 {
		p.err = errLate
	}
	return p
}

func checkTee(t *testing.T, sc teeScenario) {
	synctest.Test(t, func(t *testing.T) {
		type view struct {
			seen int
			err  error // the last of the loop
			left bool
		}
		var running atomic.Int64
		views := make([]view, len(sc.consumers)) // need no lock: each has one writer, and is read after Tee
		consumers := make([]func(context.Context, iter.Seq2[int, error]) error, len(views))
		for i, view := range views {
			plan := planOf(sc.consumers[i])
			consumers[i] = func(_ context.Context, in iter.Seq2[int, error]) error {
				running.Add(1)
				defer running.Add(-1)
				defer func() { views[i] = view }()
				for v, err := range in {
					if view.err != nil {
						t.Errorf("%+v: %d, %v after the error %v", sc, v, err, view.err)
					}
					if view.err = err; err != nil {
						continue
					}
					if v != view.seen {
						t.Errorf("%+v: consumer %d sees %d instead of %d", sc, i, v, view.seen)
					}
					view.seen++
					time.Sleep(plan.pause)
					if view.seen == plan.leave {
						view.left = true
						return plan.err
					}
				}
				return view.err
			}
		}
		err := fanin.Tee(cancelAfter(t, sc.cancel), func(_ context.Context, yield func(int) bool) error {
			running.Add(1)
			defer running.Add(-1)
			for i := range sc.values {
				if time.Sleep(time.Millisecond); i == sc.fail {
					return errSource
				}
				if !yield(i) {
					return errors.New("dropped: Tee knows already")
				}
			}
			return nil
		}, consumers...)
		if n := running.Load(); n != 0 {
			t.Errorf("%+v: %d goroutines outlive Tee", sc, n)
		}
		quits := false
		for i, view := range views {
			quits = quits || view.left && planOf(sc.consumers[i]).err != nil
			if view.err == nil && !view.left && view.seen != sc.values {
				t.Errorf("%+v: the loop of consumer %d ends without an error after %d values", sc, i, view.seen)
			}
			if view.err != nil && view.err != err {
				t.Errorf("%+v: consumer %d sees the error %v, Tee returns %v", sc, i, view.err, err)
			}
		}
		switch {
		case err == nil && quits:
			t.Errorf("%+v: the error of a consumer is lost", sc)
		case err == errSource && sc.fail >= sc.values, err == errStop && sc.cancel < 0, err == errLate && !quits:
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		case err != nil && err != errSource && err != errStop && err != errLate:
			t.Errorf("%+v: unexpected error %v", sc, err)
		}
	})
}

func TestTeeScenarios(t *testing.T) {
	for i := range 1000 {
		r := rand.New(rand.NewPCG(uint64(i), 2))
		sc := teeScenario{values: r.IntN(20), cancel: -1}
		sc.fail = r.IntN(3*sc.values + 1)
		if r.IntN(4) == 0 {
			sc.cancel = time.Duration(r.IntN(30)) * time.Millisecond
		}
		for range r.IntN(5) {
			sc.consumers = append(sc.consumers, byte(r.IntN(256)))
		}
		checkTee(t, sc)
	}
}

func FuzzTee(f *testing.F) {
	f.Add(uint8(10), uint8(99), int8(-1), []byte(nil))
	f.Add(uint8(10), uint8(99), int8(-1), []byte("\x00\x00"))
	f.Add(uint8(10), uint8(5), int8(-1), []byte("\x00\x80\x32"))
	f.Add(uint8(10), uint8(99), int8(-1), []byte("\x31\x32\x33"))
	f.Add(uint8(10), uint8(99), int8(7), []byte("\x00\xd4"))
	f.Fuzz(func(t *testing.T, values, fail uint8, cancel int8, consumers []byte) {
		checkTee(t, teeScenario{int(values), int(fail), time.Duration(cancel) * time.Millisecond, consumers[:min(len(consumers), 20)]})
	})
}

// TestManyValues is for the race detector: no bubble makes the goroutines wait.
func TestManyValues(t *testing.T) {
	const n = 3000
	check := func(name string, seq iter.Seq2[int, error]) {
		seen := make([]int, n)
		for v, err := range seq {
			if err != nil {
				t.Errorf("%s: err = %v", name, err)
				return
			}
			seen[v]++
		}
		if i := slices.IndexFunc(seen, func(times int) bool { return times != 1 }); i >= 0 {
			t.Errorf("%s: %d comes %d times", name, i, seen[i])
		}
	}
	nothing := func(context.Context, int) error { return nil }
	for name, loop := range loops {
		check(name, loop(t.Context(), n, nothing))
	}
	consumer := func(_ context.Context, in iter.Seq2[int, error]) error { check("Tee", in); return nil }
	if err := fanin.Tee(t.Context(), source(n, nil), consumer, consumer, consumer); err != nil {
		t.Errorf("Tee: err = %v", err)
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
			if p, ok := e.panicked.(*fanin.PanicError); ok {
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
	pkg := reflect.TypeFor[fanin.PanicError]().PkgPath() + "."
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
	"error":  {func(int, context.CancelCauseFunc) (bool, error) { return true, errSource }, ending{err: errSource}},
	"cancel": {func(_ int, cancel context.CancelCauseFunc) (bool, error) { cancel(errStop); return true, nil }, ending{err: errStop}},
	"panic":  {func(int, context.CancelCauseFunc) (bool, error) { panic("broken") }, ending{panicked: "broken"}},
	"Goexit": {func(int, context.CancelCauseFunc) (bool, error) { runtime.Goexit(); return true, nil }, ending{exited: true}}, // as t.FailNow does
	"break":  {func(int, context.CancelCauseFunc) (bool, error) { return false, nil }, ending{}},
}

// play runs a loop over 50 values. Its source or f makes the step do for the value
// 5 and waits at later ones until it is stopped, then to make the step late. The
// loop makes the step body for its sixth value, and atError for an error.
func play(t *testing.T, loop loop, do, late, body, atError step) ending {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var running atomic.Int64
	waits := make(chan struct{}, 50) // never closed; capacity for all calls of do
	defer func() {
		if n := running.Load(); n != 0 {
			t.Errorf("%d sources or calls outlive the loop", n)
		}
	}()
	return end(func() (last error) {
		seen := 0
		for v, err := range loop(ctx, 50, func(ctx context.Context, i int) (err error) {
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
		}) {
			more := true
			if last = err; err != nil {
				more, _ = atError(v, cancel)
			} else if seen++; seen == 6 {
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
	for name, loop := range loops {
		for exit, tt := range steps {
			if exit != "break" {
				everywhere(t, fmt.Sprintf("%s/%s", name, exit), func(t *testing.T) {
					if got := play(t, loop, tt.step, fails, goOn, goOn); got != tt.want {
						t.Errorf("ended with %+v and not %+v", got, tt.want)
					}
				})
			}
			if exit != "error" {
				everywhere(t, fmt.Sprintf("%s/%s in the loop", name, exit), func(t *testing.T) {
					if got := play(t, loop, goOn, fails, tt.step, goOn); got != tt.want {
						t.Errorf("ended with %+v and not %+v", got, tt.want)
					}
				})
				everywhere(t, fmt.Sprintf("%s/%s in the loop at the error", name, exit), func(t *testing.T) {
					want := tt.want
					if exit == "cancel" {
						want.err = errSource
					}
					if got := play(t, loop, steps["error"].step, fails, goOn, tt.step); got != want {
						t.Errorf("ended with %+v and not %+v", got, want)
					}
				})
				everywhere(t, fmt.Sprintf("%s/%s, then a panic when told to stop", name, exit), func(t *testing.T) {
					want := steps["panic"].want
					if exit == "Goexit" {
						want = tt.want
					}
					if got := play(t, loop, goOn, steps["panic"].step, tt.step, goOn); got != want {
						t.Errorf("ended with %+v and not %+v", got, want)
					}
				})
			}
		}
		everywhere(t, name+"/success", func(t *testing.T) {
			n := 0
			for _, err := range loop(t.Context(), 50, func(context.Context, int) error { return nil }) {
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

// TestExitsOfTee lets the source, or the second of three consumers, make a step
// with the value 5. The first consumer sees all values, the third leaves at once.
func TestExitsOfTee(t *testing.T) {
	for exit, tt := range steps {
		for _, where := range []string{"source", "consumer"} {
			everywhere(t, exit+" in the "+where, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				var running atomic.Int64
				step := func(at string, v int) (more bool, err error) {
					if v == 5 && at == where {
						return tt.step(v, cancel)
					}
					return true, nil
				}
				consumer := func(name string) func(context.Context, iter.Seq2[int, error]) error {
					return func(_ context.Context, in iter.Seq2[int, error]) error {
						running.Add(1)
						defer running.Add(-1)
						for v, err := range in {
							if err != nil {
								return errLate // must not hide why
							}
							if more, err := step(name, v); err != nil || !more {
								return err
							}
						}
						return nil
					}
				}
				got := end(func() error {
					return fanin.Tee(ctx, func(ctx context.Context, yield func(int) bool) error {
						running.Add(1)
						defer running.Add(-1)
						for i := range 50 {
							more, err := step("source", i)
							if err != nil || !more || !yield(i) {
								return err
							}
						}
						return nil
					}, consumer("first"), consumer("consumer"), func(context.Context, iter.Seq2[int, error]) error { return nil })
				})
				if n := running.Load(); got != tt.want || n != 0 {
					t.Errorf("ended with %+v and not %+v, %d goroutines outlive Tee", got, tt.want, n)
				}
			})
		}
	}
}

func TestTeeStopsTheSourceWhenAllHaveLeft(t *testing.T) {
	take := func(n int) func(context.Context, iter.Seq2[int, error]) error {
		return func(ctx context.Context, in iter.Seq2[int, error]) error {
			if n == 0 {
				return nil
			}
			last := -1
			for v := range in {
				if last = v; v == n-1 {
					break
				}
			}
			if last != n-1 || ctx.Err() != nil {
				t.Errorf("the loop ends at %d, the context has the error %v", last, ctx.Err())
			}
			return nil
		}
	}
	for name, src := range map[string]fanin.Source[int]{
		"endless": naturals,
		"silent": func(ctx context.Context, yield func(int) bool) error {
			for i := range 10 {
				yield(i)
			}
			<-ctx.Done()
			return context.Cause(ctx) // must be dropped
		},
	} {
		everywhere(t, name, func(t *testing.T) {
			if err := fanin.Tee(t.Context(), src, take(3), take(0), take(10), take(1)); err != nil {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// TestEndOfTeeIsNotSeenBeforeTheError has many loops that end at the same time.
func TestEndOfTeeIsNotSeenBeforeTheError(t *testing.T) {
	for range 100 {
		var unaware atomic.Int64
		consumers := slices.Repeat([]func(context.Context, iter.Seq2[int, error]) error{
			func(_ context.Context, in iter.Seq2[int, error]) (last error) {
				for _, last = range in {
				}
				if last != errSource {
					unaware.Add(1)
				}
				return nil
			},
		}, 50)
		err := fanin.Tee(t.Context(), func(context.Context, func(int) bool) error { return errSource }, consumers...)
		if n := unaware.Load(); err != errSource || n != 0 {
			t.Fatalf("err = %v, %d loops end without an error", err, n)
		}
	}
}

func TestTeeWithoutConsumers(t *testing.T) {
	everywhere(t, "", func(t *testing.T) {
		if err := fanin.Tee(t.Context(), naturals); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

func TestSlowConsumerSlowsTheOthers(t *testing.T) {
	for _, slow := range []int{0, 1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var made atomic.Int64
			seen := make([]atomic.Int64, 3)
			consumers := make([]func(context.Context, iter.Seq2[int, error]) error, 3)
			for i := range consumers {
				consumers[i] = func(_ context.Context, in iter.Seq2[int, error]) error {
					for range in {
						n := seen[i].Add(1)
						if i != slow {
							continue
						}
						synctest.Wait()
						if ahead := made.Load() - n; ahead != 2 {
							t.Errorf("%d values are ahead of the slow consumer", ahead)
						}
						for j := range seen {
							if ahead := seen[j].Load() - n; j != slow && (ahead < 1 || ahead > 2) {
								t.Errorf("consumer %d is %d values ahead", j, ahead)
							}
						}
						if n == 10 {
							return errStop
						}
					}
					return nil
				}
			}
			fanin.Tee(t.Context(), source(endless, func(context.Context, int) error { made.Add(1); return nil }), consumers...)
		})
	}
}

func TestSlowLoopSlowsTheSources(t *testing.T) {
	for _, tt := range []struct {
		name       string
		goroutines int64
		loop       func(ctx context.Context, src fanin.Source[int]) iter.Seq2[int, error]
	}{
		{"Merge", 1, func(ctx context.Context, src fanin.Source[int]) iter.Seq2[int, error] { return fanin.Merge(ctx, src) }},
		{"Merge", 3, func(ctx context.Context, src fanin.Source[int]) iter.Seq2[int, error] {
			return fanin.Merge(ctx, src, src, src)
		}},
		{"Map", 1, func(ctx context.Context, src fanin.Source[int]) iter.Seq2[int, error] {
			return fanin.Map(ctx, 1, src, same)
		}},
		{"Map", 4, func(ctx context.Context, src fanin.Source[int]) iter.Seq2[int, error] {
			return fanin.Map(ctx, 4, src, same)
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var made, seen atomic.Int64
			src := source(endless, func(context.Context, int) error { made.Add(1); return nil })
			for range tt.loop(t.Context(), src) {
				synctest.Wait()
				if held := made.Load() - seen.Add(1); held != 2*tt.goroutines {
					t.Errorf("%s holds %d values with %d goroutines", tt.name, held, tt.goroutines)
				}
				if seen.Load() == 10 {
					break
				}
			}
		})
	}
}

// TestContextEndsWithTheLoop checks that a loop leaves nothing behind in the
// context of its caller.
func TestContextEndsWithTheLoop(t *testing.T) {
	contexts := make(map[string]context.Context)
	for name, loop := range loops {
		for range loop(t.Context(), 1, func(ctx context.Context, _ int) error { contexts[name] = ctx; return nil }) {
		}
	}
	fanin.Tee(t.Context(), source(1, func(ctx context.Context, _ int) error { contexts["source of Tee"] = ctx; return nil }),
		func(ctx context.Context, in iter.Seq2[int, error]) error {
			for range in {
			}
			contexts["consumer"] = ctx
			return nil
		})
	for name, ctx := range contexts {
		if ctx.Err() == nil {
			t.Errorf("%s: the context is not done", name)
		}
	}
}

func TestSourcesRunAtTheSameTime(t *testing.T) {
	hourly := source(12, func(context.Context, int) error { time.Sleep(time.Hour); return nil })
	for name, tt := range map[string]struct {
		loop func(ctx context.Context) iter.Seq2[int, error]
		want time.Duration
	}{
		"4 sources": {func(ctx context.Context) iter.Seq2[int, error] {
			return fanin.Merge(ctx, hourly, hourly, hourly, hourly)
		}, 12 * time.Hour},
		"4 workers": {func(ctx context.Context) iter.Seq2[int, error] {
			return fanin.Map(ctx, 4, source(12, nil), func(_ context.Context, i int) (int, error) { time.Sleep(time.Hour); return i, nil })
		}, 3 * time.Hour},
		"source and worker": {func(ctx context.Context) iter.Seq2[int, error] {
			return fanin.Map(ctx, 4, hourly, func(_ context.Context, i int) (int, error) { time.Sleep(time.Hour); return i, nil })
		}, 13 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			for _, err := range tt.loop(t.Context()) {
				if err != nil {
					t.Error(err)
				}
			}
			if took := time.Since(start); took != tt.want {
				t.Errorf("%s took %v", name, took)
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	for name, seq := range map[string]iter.Seq2[int, error]{
		"Merge":            fanin.Merge(ctx, naturals, silent, fanin.Receive(make(chan int))), // the channel is never closed, nothing is sent
		"Map":              fanin.Map(ctx, 2, naturals, func(context.Context, int) (int, error) { t.Error("Map has called f"); return 0, nil }),
		"Merge of nothing": fanin.Merge[int](ctx),
		"Tee": func(yield func(int, error) bool) {
			yield(0, fanin.Tee(ctx, naturals, func(_ context.Context, in iter.Seq2[int, error]) (last error) {
				for _, last = range in {
				}
				return last
			}))
		},
	} {
		everywhere(t, name, func(t *testing.T) {
			n := 0
			for v, err := range seq {
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

// TestErrorComesAfterWhatIsReady lets a source fail while the loop has not seen
// the values before.
func TestErrorComesAfterWhatIsReady(t *testing.T) {
	for name, loop := range loops {
		if name == "f of Map" {
			continue // its order is any
		}
		synctest.Test(t, func(t *testing.T) {
			var values []int
			var last error
			for v, err := range loop(t.Context(), 50, func(_ context.Context, i int) error {
				if i == 3 {
					return errSource
				}
				return nil
			}) {
				synctest.Wait()
				if last = err; err == nil {
					values = append(values, v)
				}
			}
			if slices.Sort(values); !slices.Equal(values, []int{0, 1, 2}) || last != errSource {
				t.Errorf("%s: %v, then %v", name, values, last)
			}
		})
	}
}

func TestReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int, 3) // never closed; capacity for all that is sent
		for i := range 3 {
			ch <- i
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, errStop)
		defer cancel()
		var values []int
		var last error
		for v, err := range fanin.Merge(ctx, fanin.Receive(ch)) {
			if last = err; err == nil {
				values = append(values, v)
			}
		}
		if !slices.Equal(values, []int{0, 1, 2}) || last != errStop {
			t.Errorf("%v, then %v", values, last)
		}
		for range fanin.Merge(t.Context(), fanin.Receive(ch), naturals) {
			break // although nothing comes from ch
		}
	})
}

// TestLoopCanRunAgain ranges over the same loop in two bubbles, one after the
// other.
func TestLoopCanRunAgain(t *testing.T) {
	for name, loop := range loops {
		seq := loop(context.Background(), 4, func(context.Context, int) error { return nil })
		for range 2 {
			synctest.Test(t, func(t *testing.T) {
				sum := 0
				for v, err := range seq {
					if err != nil {
						t.Error(err)
					}
					sum += v
				}
				if sum != 6 {
					t.Errorf("%s: sum %d", name, sum)
				}
			})
		}
	}
}

func divide(a, b int) int { return a / b }

func TestPanicKeepsItsStack(t *testing.T) {
	zero := func(context.Context, int) error { divide(1, 0); return nil }
	tests := map[string]func(ctx context.Context){
		"source of Tee": func(ctx context.Context) {
			fanin.Tee(ctx, source(1, zero), func(ctx context.Context, _ iter.Seq2[int, error]) error { <-ctx.Done(); return errLate })
		},
		"consumer": func(ctx context.Context) {
			fanin.Tee(ctx, silent, func(ctx context.Context, _ iter.Seq2[int, error]) error { return zero(ctx, 0) })
		},
		"after a break": func(ctx context.Context) {
			for range fanin.Merge(ctx, naturals, func(ctx context.Context, _ func(int) bool) error { <-ctx.Done(); return zero(ctx, 0) }) {
				break
			}
		},
	}
	for name, loop := range loops {
		tests[name] = func(ctx context.Context) {
			for range loop(ctx, endless, zero) {
			}
		}
	}
	for name, run := range tests {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				v := recover()
				p, ok := v.(*fanin.PanicError)
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
	if err := errors.Unwrap(&fanin.PanicError{Value: "not an error"}); err != nil {
		t.Errorf("unwrapped: %v", err)
	}
}

// TestCallerLockedToItsThread checks that no coroutine is bound to the goroutine
// of the caller.
func TestCallerLockedToItsThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	count := func(name string, seq iter.Seq2[int, error]) {
		n := 0
		for _, err := range seq {
			if err == nil {
				n++
			}
		}
		if n != 10 {
			t.Errorf("%s: %d values", name, n)
		}
	}
	for name, loop := range loops {
		count(name, loop(t.Context(), 10, func(context.Context, int) error {
			time.Sleep(time.Millisecond) // so that all workers get something
			return nil
		}))
	}
	fanin.Tee(t.Context(), source(10, nil), func(_ context.Context, in iter.Seq2[int, error]) error { count("Tee", in); return nil })
}

func TestNoWorkers(t *testing.T) {
	for _, workers := range []int{0, -1} {
		got := end(func() error { fanin.Map(t.Context(), workers, naturals, same); return nil })
		if got.panicked != "fanin: workers < 1" {
			t.Errorf("Map with %d workers ended with %+v", workers, got)
		}
	}
}

func TestNoAllocationForAValue(t *testing.T) {
	tests := map[string]func(n int){
		"Tee": func(n int) {
			consumer := func(_ context.Context, in iter.Seq2[int, error]) error {
				for range in {
				}
				return nil
			}
			fanin.Tee(context.Background(), source(n, nil), consumer, consumer)
		},
		"Merge of two": func(n int) {
			for range fanin.Merge(context.Background(), source(n, nil), source(n, nil)) {
			}
		},
	}
	for name, loop := range loops {
		tests[name] = func(n int) {
			for range loop(context.Background(), n, func(context.Context, int) error { return nil }) {
			}
		}
	}
	for name, run := range tests {
		allocs := func(n int) float64 { return testing.AllocsPerRun(5, func() { run(n) }) }
		if few, many := allocs(1000), allocs(10_000); many > few+20 {
			t.Errorf("%s: %v allocations for 1000 values, %v for 10000", name, few, many)
		}
	}
}
