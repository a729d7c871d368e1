package group_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/patterns/group"
)

// A page needs a user and her orders. If one fails, the other is stopped.
func ExampleRun() {
	var user string
	var orders []string
	err := group.Run(context.Background(),
		func(ctx context.Context) (err error) {
			user, err = "Ada", nil // instead of a query that takes ctx
			return err
		},
		func(ctx context.Context) (err error) {
			orders, err = []string{"book", "lamp"}, nil
			return err
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user, orders)
	// Output: Ada [book lamp]
}

// The first error stops the other tasks through their context.
func ExampleRun_firstError() {
	err := group.Run(context.Background(),
		func(ctx context.Context) error {
			<-ctx.Done() // instead of long work that takes ctx
			return ctx.Err()
		},
		func(ctx context.Context) error {
			return errors.New("no route to host")
		})
	fmt.Println(err)
	// Output: no route to host
}

// Each mirror is asked, two at a time, whether or not others answer.
func ExampleSettle() {
	ask := func(mirror string) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			if mirror == "south" {
				return "", errors.New("timeout")
			}
			return mirror + " is up", nil
		}
	}

	for _, r := range group.Settle(context.Background(), 2, ask("north"), ask("south"), ask("west")) {
		fmt.Println(r.Value, r.Err)
	}
	// Output:
	// north is up <nil>
	//  timeout
	// west is up <nil>
}

// The fastest replica answers; the others are stopped.
func ExampleFirst() {
	replica := func(name string, delay time.Duration) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			select {
			case <-time.After(delay):
				return "answer from " + name, nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
	}

	answer, err := group.First(context.Background(), replica("a", time.Hour), replica("b", time.Millisecond))
	fmt.Println(answer, err)
	// Output: answer from b <nil>
}

// If nobody answers, the error has every reason.
func ExampleFirst_noneSucceeds() {
	down := func(name string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return "", errors.New(name + " is down") }
	}

	_, err := group.First(context.Background(), down("a"), down("b"))
	fmt.Println(err)
	// Output:
	// a is down
	// b is down
}

// A function is one of the package that calls tasks without values.
type function func(ctx context.Context, tasks ...func(context.Context) error) error

var functions = map[string]function{
	"Run": group.Run,
	"Settle": func(ctx context.Context, tasks ...func(context.Context) error) (first error) {
		for _, r := range group.Settle(ctx, len(tasks)+1, valued(tasks)...) {
			if first == nil {
				first = r.Err
			}
		}
		return first
	},
	"First": func(ctx context.Context, tasks ...func(context.Context) error) error {
		_, err := group.First(ctx, valued(tasks)...)
		return err
	},
}

// valued returns tasks that return the number of the task.
func valued(tasks []func(context.Context) error) []func(context.Context) (int, error) {
	all := make([]func(context.Context) (int, error), len(tasks))
	for i, task := range tasks {
		all[i] = func(ctx context.Context) (int, error) { return i, task(ctx) }
	}
	return all
}

var (
	errTask = errors.New("task failed")
	errStop = errors.New("shutting down") // why a caller cancels
	errLate = errors.New("a consequence of what happened before")
)

// A task is one way in which a task may go. Times are those of a bubble.
type task struct {
	delay time.Duration
	err   error
	deaf  bool // whether the task ignores its context
}

// A scenario is one way in which a call may go.
type scenario struct {
	tasks  []task
	limit  int
	cancel time.Duration // when the caller cancels; negative: never
}

func randomScenario(r *rand.Rand) scenario {
	sc := scenario{tasks: make([]task, r.IntN(10)), limit: 1 + r.IntN(5), cancel: -1}
	failures := r.IntN(4)
	for i := range sc.tasks {
		t := &sc.tasks[i]
		t.delay, t.deaf = time.Duration(r.IntN(20))*time.Millisecond, r.IntN(3) == 0
		if r.IntN(4) < failures {
			t.err = fmt.Errorf("task %d failed", i)
		}
	}
	if r.IntN(3) == 0 {
		sc.cancel = time.Duration(r.IntN(30)) * time.Millisecond
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

// A recorder plays the tasks of a scenario and notes what happens.
type recorder struct {
	scenario
	running, peak atomic.Int64
	calls         []atomic.Int32
}

func (rec *recorder) play(ctx context.Context, i int) (int, error) {
	rec.calls[i].Add(1)
	running := rec.running.Add(1)
	defer rec.running.Add(-1)
	for peak := rec.peak.Load(); running > peak && !rec.peak.CompareAndSwap(peak, running); {
		peak = rec.peak.Load()
	}
	done := ctx.Done()
	if rec.tasks[i].deaf {
		done = nil
	}
	select {
	case <-time.After(rec.tasks[i].delay):
		return i, rec.tasks[i].err
	case <-done:
		return 0, ctx.Err()
	}
}

// functions returns the tasks; an only task has no value.
func (rec *recorder) functions() (only []func(context.Context) error, all []func(context.Context) (int, error)) {
	rec.calls = make([]atomic.Int32, len(rec.tasks))
	for i := range rec.tasks {
		only = append(only, func(ctx context.Context) error { _, err := rec.play(ctx, i); return err })
		all = append(all, func(ctx context.Context) (int, error) { return rec.play(ctx, i) })
	}
	return only, all
}

// check checks what each function of the package has to guarantee.
func (rec *recorder) check(t *testing.T, complete bool) {
	t.Helper()
	if n := rec.running.Load(); n != 0 {
		t.Errorf("%+v: %d tasks outlive the call", rec.scenario, n)
	}
	for i := range rec.calls {
		if n := rec.calls[i].Load(); n > 1 || n == 0 && complete {
			t.Errorf("%+v: task %d called %d times", rec.scenario, i, n)
		}
	}
}

func checkRun(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{scenario: sc}
		tasks, _ := rec.functions()
		err := group.Run(cancelAfter(t, sc.cancel), tasks...)
		rec.check(t, err == nil)
		own := slices.ContainsFunc(sc.tasks, func(t task) bool { return t.err != nil && errors.Is(err, t.err) })
		failing := slices.ContainsFunc(sc.tasks, func(t task) bool { return t.err != nil })
		switch {
		case err == nil && failing:
			t.Errorf("%+v: the error is lost", sc)
		case err != nil && !own && (sc.cancel < 0 || err != errStop && err != context.Canceled):
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		}
	})
}

func checkSettle(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{scenario: sc}
		_, tasks := rec.functions()
		results := group.Settle(cancelAfter(t, sc.cancel), sc.limit, tasks...)
		rec.check(t, sc.cancel < 0)
		if peak := rec.peak.Load(); peak > int64(sc.limit) || len(results) != len(tasks) {
			t.Errorf("%+v: %d tasks at a time, %d results", sc, peak, len(results))
		}
		for i, r := range results {
			stopped := sc.cancel >= 0 && (r.Err == errStop || r.Err == context.Canceled)
			if !stopped && (r.Err != sc.tasks[i].err || r.Value != i) {
				t.Errorf("%+v: result %d is %+v", sc, i, r)
			}
		}
	})
}

func checkFirst(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{scenario: sc}
		_, tasks := rec.functions()
		winner, err := group.First(cancelAfter(t, sc.cancel), tasks...)
		rec.check(t, err != nil && sc.cancel < 0)
		best := -1 // the task that should win
		for i, task := range sc.tasks {
			if task.err == nil && (best < 0 || task.delay < sc.tasks[best].delay) {
				best = i
			}
		}
		switch {
		case err == nil && (best < 0 || sc.tasks[winner].delay != sc.tasks[best].delay && sc.cancel < 0):
			t.Errorf("%+v: task %d wins, not %d", sc, winner, best)
		case err != nil && best >= 0 && sc.cancel < 0:
			t.Errorf("%+v: task %d is ignored for %v", sc, best, err)
		}
		for _, task := range sc.tasks {
			if err != nil && sc.cancel < 0 && !errors.Is(err, task.err) {
				t.Errorf("%+v: %v is lost in %v", sc, task.err, err)
			}
		}
	})
}

func TestScenarios(t *testing.T) {
	for i := range 1000 {
		sc := randomScenario(rand.New(rand.NewPCG(uint64(i), 1)))
		checkRun(t, sc)
		checkSettle(t, sc)
		checkFirst(t, sc)
	}
}

func FuzzScenarios(f *testing.F) {
	f.Add("", uint8(0), int8(-1))
	f.Add("\x04\x14\x24\x05\x06", uint8(1), int8(-1))
	f.Add("\x04\x14\x24\x07\x00", uint8(2), int8(3))
	f.Fuzz(func(t *testing.T, tasks string, limit uint8, cancel int8) {
		sc := scenario{limit: 1 + int(limit), cancel: time.Duration(cancel) * time.Millisecond}
		for i := range min(len(tasks), 30) {
			plan := task{delay: time.Duration(tasks[i]/4) * time.Millisecond, deaf: tasks[i]&2 != 0}
			if tasks[i]&1 != 0 {
				plan.err = fmt.Errorf("task %d failed", i)
			}
			sc.tasks = append(sc.tasks, plan)
		}
		checkRun(t, sc)
		checkSettle(t, sc)
		checkFirst(t, sc)
	})
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
			if p, ok := e.panicked.(*group.PanicError); ok {
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
	pkg := reflect.TypeFor[group.PanicError]().PkgPath() + "."
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

// TestExits has one of three tasks end in some way, in which some functions stop
// the others.
func TestExits(t *testing.T) {
	for exit, tt := range map[string]struct {
		task  func(cancel context.CancelCauseFunc) error
		want  ending
		stops string
	}{
		"success": {func(context.CancelCauseFunc) error { return nil }, ending{}, "First"},
		"error":   {func(context.CancelCauseFunc) error { return errTask }, ending{err: errTask}, "Run"},
		"cancel":  {func(cancel context.CancelCauseFunc) error { cancel(errStop); return errStop }, ending{err: errStop}, "Run, Settle, First"},
		"panic":   {func(context.CancelCauseFunc) error { panic("broken") }, ending{panicked: "broken"}, "Run, Settle, First"},
		"Goexit":  {func(context.CancelCauseFunc) error { runtime.Goexit(); return nil }, ending{exited: true}, "Run, Settle, First"}, // as t.FailNow does
	} {
		for name, call := range functions {
			everywhere(t, name+"/"+exit, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				var running atomic.Int64
				other := func(ctx context.Context) error {
					running.Add(1)
					defer running.Add(-1)
					if strings.Contains(tt.stops, name) {
						<-ctx.Done()
						return context.Cause(ctx)
					}
					return tt.want.err
				}
				got := end(func() error {
					return call(ctx, other, func(context.Context) error { return tt.task(cancel) }, other)
				})
				if name == "First" && errors.Is(got.err, tt.want.err) {
					got.err = tt.want.err // one of those that are joined
				}
				if n := running.Load(); got != tt.want || n != 0 {
					t.Errorf("ended with %+v and not %+v, %d tasks outlive the call", got, tt.want, n)
				}
			})
		}
	}
}

// TestAConsequenceIsNotTheFirstError has a task that notices very soon that
// another has failed.
func TestAConsequenceIsNotTheFirstError(t *testing.T) {
	for range 500 {
		ready := make(chan struct{}) // closed by the first task; nothing is sent
		err := group.Run(t.Context(), func(ctx context.Context) error {
			close(ready)
			for spins := 0; ctx.Err() == nil; spins++ {
				if spins > 10_000 { // 0.1 ms: there may be one processor only
					runtime.Gosched()
				}
			}
			if context.Cause(ctx) != errTask {
				t.Errorf("cause %v", context.Cause(ctx))
			}
			return errLate
		}, func(context.Context) error {
			<-ready
			return errTask
		})
		if err != errTask {
			t.Fatalf("err = %v", err)
		}
	}
}

func TestSettleKeepsToItsLimit(t *testing.T) {
	for limit, want := range map[int]time.Duration{1: 10 * time.Hour, 3: 4 * time.Hour, 10: time.Hour, 99: time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			var running atomic.Int64
			tasks := make([]func(context.Context) (int, error), 10)
			for i := range tasks {
				tasks[i] = func(ctx context.Context) (int, error) {
					defer running.Add(-1)
					if n := running.Add(1); n > int64(limit) {
						t.Errorf("%d tasks at a time, not %d", n, limit)
					}
					time.Sleep(time.Hour)
					if ctx.Err() != nil {
						t.Errorf("an error cancels the others: %v", context.Cause(ctx))
					}
					return i, errTask
				}
			}
			start := time.Now()
			for i, r := range group.Settle(t.Context(), limit, tasks...) {
				if r != (group.Result[int]{Value: i, Err: errTask}) {
					t.Errorf("result %d is %+v", i, r)
				}
			}
			if took := time.Since(start); took != want {
				t.Errorf("10 hours of work, %d at a time, took %v", limit, took)
			}
		})
	}
}

// TestNothingStartsAfterTheEnd has Settle call a task after the other.
func TestNothingStartsAfterTheEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		task func(cancel context.CancelCauseFunc)
		want ending
	}{
		"cancel": {func(cancel context.CancelCauseFunc) { cancel(errStop) }, ending{err: errStop}},
		"panic":  {func(context.CancelCauseFunc) { panic("broken") }, ending{panicked: "broken"}},
		"Goexit": {func(context.CancelCauseFunc) { runtime.Goexit() }, ending{exited: true}},
	} {
		everywhere(t, name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			never := func(context.Context) (int, error) { t.Error("a task starts too late"); return 0, nil }
			got := end(func() error {
				results := group.Settle(ctx, 1, func(context.Context) (int, error) { tt.task(cancel); return 7, nil }, never, never)
				if results[0] != (group.Result[int]{Value: 7}) || results[1] != results[2] {
					t.Errorf("results %v", results)
				}
				return results[2].Err
			})
			if got != tt.want {
				t.Errorf("ended with %+v and not %+v", got, tt.want)
			}
		})
	}
}

// TestFirstReturnsTheWinner, and not what others return too late.
func TestFirstReturnsTheWinner(t *testing.T) {
	everywhere(t, "", func(t *testing.T) {
		loser := func(ctx context.Context) (any, error) {
			<-ctx.Done()
			return "late", nil // as if it had succeeded
		}
		fails := func(context.Context) (any, error) { return "failed", errTask }
		v, err := group.First(t.Context(), loser, fails, func(context.Context) (any, error) { return nil, nil }, loser)
		if v != nil || err != nil {
			t.Errorf("%v, err = %v", v, err)
		}
		v, err = group.First(t.Context(), fails, fails)
		if v != nil || !errors.Is(err, errTask) || strings.Count(err.Error(), errTask.Error()) != 2 {
			t.Errorf("%v, err = %v", v, err)
		}
	})
}

// A foreign context is none of package context, which therefore needs a goroutine
// to pass on its end to contexts that are derived from it.
type foreign struct {
	context.Context
	done chan struct{} // never closed, nothing is sent
}

func (ctx foreign) Done() <-chan struct{} { return ctx.done }

// TestContextEndsWithTheCall checks that a call leaves nothing behind in the
// context of its caller: no goroutine of a foreign one is left in the bubble.
func TestContextEndsWithTheCall(t *testing.T) {
	for name, call := range functions {
		synctest.Test(t, func(t *testing.T) {
			var inner context.Context
			call(foreign{t.Context(), make(chan struct{})}, func(ctx context.Context) error { inner = ctx; return nil }) // about the channel: see foreign
			if inner.Err() == nil {
				t.Errorf("%s: the context of the tasks is not done", name)
			}
		})
	}
}

func TestNested(t *testing.T) {
	for name, call := range functions {
		for inner, callInner := range functions {
			var calls atomic.Int64
			task := func(context.Context) error { calls.Add(1); return nil }
			nested := func(ctx context.Context) error { return callInner(ctx, task) }
			if err := call(t.Context(), nested, nested); err != nil || calls.Load() != 2 && (name != "First" || calls.Load() == 0) {
				t.Errorf("%s in %s: %d calls, err = %v", inner, name, calls.Load(), err)
			}
			got := end(func() error {
				return call(t.Context(), func(ctx context.Context) error {
					return callInner(ctx, func(context.Context) error { panic("broken") })
				})
			})
			if got.panicked != "broken" {
				t.Errorf("%s in %s ended with %+v", inner, name, got)
			}
		}
	}
}

// sleepy waits for an hour or its context.
func sleepy(ctx context.Context) (string, error) {
	select {
	case <-time.After(time.Hour):
		return "slept", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func TestTasksRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		task := func(ctx context.Context) error { _, err := sleepy(ctx); return err }
		if err := group.Run(t.Context(), task, task, task); err != nil || time.Since(start) != time.Hour {
			t.Errorf("Run took %v, err = %v", time.Since(start), err)
		}
		start = time.Now()
		group.Settle(t.Context(), 2, sleepy, sleepy, sleepy)
		if took := time.Since(start); took != 2*time.Hour {
			t.Errorf("Settle took %v", took)
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		task := func(context.Context) error { t.Error("a task has started"); return nil }
		value := func(context.Context) (int, error) { t.Error("a task has started"); return 0, nil }
		if err := group.Run(ctx, task, task); err != reason {
			t.Errorf("Run: err = %v", err)
		}
		if _, err := group.First(ctx, value, value); !errors.Is(err, reason) {
			t.Errorf("First: err = %v", err)
		}
		for _, r := range group.Settle(ctx, 1, value, value) {
			if r.Err != reason {
				t.Errorf("Settle: err = %v", r.Err)
			}
		}
	})
}

func TestNoTasks(t *testing.T) {
	if err := group.Run(t.Context()); err != nil {
		t.Errorf("Run: err = %v", err)
	}
	if results := group.Settle[int](t.Context(), 1); len(results) != 0 {
		t.Errorf("Settle: %v", results)
	}
	if _, err := group.First[int](t.Context()); err == nil {
		t.Error("First: nobody can have won")
	}
}

func divide(a, b int) int { return a / b }

func TestPanicKeepsItsStack(t *testing.T) {
	var running atomic.Int64
	waits := func(ctx context.Context) (int, error) {
		running.Add(1)
		defer running.Add(-1)
		<-ctx.Done()
		return 0, errors.New("must not hide the panic")
	}
	breaks := func(context.Context) (int, error) { return divide(1, 0), nil }
	late := func(ctx context.Context) (int, error) { <-ctx.Done(); return divide(1, 0), nil }
	wins := func(context.Context) (int, error) { time.Sleep(time.Second); return 1, nil }
	drop := func(task func(context.Context) (int, error)) func(context.Context) error {
		return func(ctx context.Context) error { _, err := task(ctx); return err }
	}
	for name, run := range map[string]func(context.Context){
		"Run":    func(ctx context.Context) { group.Run(ctx, drop(waits), drop(breaks), drop(waits)) },
		"Settle": func(ctx context.Context) { group.Settle(ctx, 2, waits, breaks, waits) },
		"First":  func(ctx context.Context) { group.First(ctx, waits, breaks) },
		"Run in Settle": func(ctx context.Context) {
			group.Settle(ctx, 1, func(ctx context.Context) (int, error) { return 0, group.Run(ctx, drop(breaks)) })
		},
		"First, after a success": func(ctx context.Context) { group.First(ctx, late, wins) },
	} {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				v := recover()
				p, ok := v.(*group.PanicError)
				if !ok {
					t.Fatalf("%s: the caller recovers %v", name, v)
				}
				if !strings.Contains(string(p.Stack), "_test.divide(") || !strings.Contains(p.Error(), string(p.Stack)) {
					t.Errorf("%s: the stack does not show where the panic began:\n%v", name, p)
				}
				if _, ok := errors.AsType[runtime.Error](p); !ok || strings.Count(p.Error(), "divide by zero") != 1 {
					t.Errorf("%s: the panic has lost its value: %v", name, p)
				}
				if n := running.Load(); n != 0 {
					t.Errorf("%s: %d tasks outlive the panic", name, n)
				}
			}()
			run(t.Context())
		})
	}
	if err := errors.Unwrap(&group.PanicError{Value: "not an error"}); err != nil {
		t.Errorf("unwrapped: %v", err)
	}
}

func TestNoLimit(t *testing.T) {
	for _, limit := range []int{0, -1} {
		if got := end(func() error { group.Settle(t.Context(), limit, sleepy); return nil }); got.panicked != "group: limit < 1" {
			t.Errorf("limit %d ended with %+v", limit, got)
		}
	}
}
