package group_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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
		err := group.Run(sc.context(t), tasks...)
		rec.check(t, err == nil)
		own := slices.ContainsFunc(sc.tasks, func(t task) bool { return t.err != nil && errors.Is(err, t.err) })
		failing := slices.ContainsFunc(sc.tasks, func(t task) bool { return t.err != nil })
		switch {
		case err == nil && failing:
			t.Errorf("%+v: the error is lost", sc)
		case err != nil && !own && (sc.cancel < 0 || !errors.Is(err, context.Canceled)):
			t.Errorf("%+v: an error from nowhere: %v", sc, err)
		}
	})
}

func checkSettle(t *testing.T, sc scenario) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{scenario: sc}
		_, tasks := rec.functions()
		results := group.Settle(sc.context(t), sc.limit, tasks...)
		rec.check(t, sc.cancel < 0)
		if peak := rec.peak.Load(); peak > int64(sc.limit) || len(results) != len(tasks) {
			t.Errorf("%+v: %d tasks at a time, %d results", sc, peak, len(results))
		}
		for i, r := range results {
			stopped := sc.cancel >= 0 && errors.Is(r.Err, context.Canceled)
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
		winner, err := group.First(sc.context(t), tasks...)
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
	for i := range 300 {
		sc := randomScenario(rand.New(rand.NewPCG(uint64(i), 1)))
		checkRun(t, sc)
		checkSettle(t, sc)
		checkFirst(t, sc)
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

// recovered returns what f panics with.
func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func divide(a, b int) int { return a / b }

func TestPanic(t *testing.T) {
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
		"Run":                    func(ctx context.Context) { group.Run(ctx, drop(waits), drop(breaks), drop(waits)) },
		"Settle":                 func(ctx context.Context) { group.Settle(ctx, 2, waits, breaks, waits) },
		"First":                  func(ctx context.Context) { group.First(ctx, waits, breaks) },
		"First, after a success": func(ctx context.Context) { group.First(ctx, late, wins) },
	} {
		synctest.Test(t, func(t *testing.T) {
			v := recovered(func() { run(t.Context()) })
			p, ok := v.(*group.PanicError)
			if !ok {
				t.Fatalf("%s: the caller recovers %v", name, v)
			}
			if !strings.Contains(string(p.Stack), "group_test.divide") {
				t.Errorf("%s: the stack does not show where the panic began:\n%s", name, p.Stack)
			}
			if _, ok := errors.AsType[runtime.Error](p); !ok || !strings.Contains(p.Error(), "divide by zero") {
				t.Errorf("%s: the panic has lost its value: %v", name, p)
			}
			if n := running.Load(); n != 0 {
				t.Errorf("%s: %d tasks outlive the panic", name, n)
			}
		})
	}
}

func TestGoexitReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := false
		done := make(chan struct{}) // closed by the goroutine below; nothing is sent
		go func() {                 // ends by runtime.Goexit
			defer close(done)
			group.Run(t.Context(),
				func(ctx context.Context) error { <-ctx.Done(); return nil },
				func(context.Context) error { runtime.Goexit(); return nil }) // as t.FailNow does
			returned = true
		}()
		<-done
		if returned {
			t.Error("Run returned as if nothing had happened")
		}
	})
}

func TestNoLimit(t *testing.T) {
	if v := recovered(func() { group.Settle(t.Context(), 0, sleepy) }); v != "group: limit < 1" {
		t.Error(v)
	}
}
