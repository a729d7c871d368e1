package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// A task is what is done for each item.
type task struct {
	name  string
	spin  time.Duration // computes for so long
	sleep time.Duration // waits for so long, as input and output do
	items int           // in one run, or more if there are many workers
}

var tasks = []task{
	{name: "empty", items: 20_000},
	{name: "1 µs", spin: time.Microsecond, items: 5_000},
	{name: "100 µs", spin: 100 * time.Microsecond, items: 200},
}

var sleeping = task{name: "sleep 100 µs", sleep: 100 * time.Microsecond, items: 200}

// spin computes for a time that n sets.
func spin(x, n int) int {
	for range n {
		x = x*1664525 + 1013904223
	}
	return x
}

// calibrate returns the n for which spin takes a microsecond.
func calibrate() float64 {
	const n = 100_000
	best := time.Duration(math.MaxInt64)
	for range 30 {
		start := time.Now()
		used = spin(used, n)
		best = min(best, time.Since(start))
	}
	return n / (float64(best) / float64(time.Microsecond))
}

// used keeps the compiler from leaving out a computation.
var used int

// An env is what a run works on, and where it leaves its results.
type env struct {
	ctx     context.Context
	workers int
	in      []int // 1, 2, 3, …
	do      func(context.Context, int) error
	get     func(context.Context, int) (int, error)

	out []int // the results of a run that returns them
	sum int   // what a run that yields its results has made of them

	calls, of atomic.Int64 // how many, and the sum of their arguments; counted by newCheckEnv only
}

// newEnv returns an env for measuring. perMicro is from calibrate.
func newEnv(ctx context.Context, t task, items, workers int, perMicro float64) *env {
	e := &env{ctx: ctx, workers: workers, in: upTo(items)}
	n := int(perMicro * float64(t.spin) / float64(time.Microsecond))
	switch {
	case t.sleep > 0:
		e.do = func(context.Context, int) error { time.Sleep(t.sleep); return nil }
		e.get = func(_ context.Context, v int) (int, error) { time.Sleep(t.sleep); return v, nil }
	case n > 0:
		e.do = func(_ context.Context, v int) error {
			if spin(v, n) == math.MinInt { // never, but the compiler does not know
				return errTask
			}
			return nil
		}
		e.get = func(_ context.Context, v int) (int, error) { return spin(v, n), nil }
	default:
		e.do = func(context.Context, int) error { return nil }
		e.get = func(_ context.Context, v int) (int, error) { return v, nil }
	}
	return e
}

// newCheckEnv returns an env whose tasks tell afterwards what was called, give
// up when their context is done, and fail for the value bad.
func newCheckEnv(ctx context.Context, items, workers, bad int) *env {
	e := &env{ctx: ctx, workers: workers, in: upTo(items)}
	e.get = func(ctx context.Context, v int) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		e.calls.Add(1)
		e.of.Add(int64(v))
		if v == bad {
			return 0, errTask
		}
		return mix(v), nil
	}
	e.do = func(ctx context.Context, v int) error {
		_, err := e.get(ctx, v)
		return err
	}
	return e
}

var (
	errTask  = errors.New("the task failed")
	errOrder = errors.New("wrong results, or in the wrong order")
)

func upTo(n int) []int {
	in := make([]int, n)
	for i := range in {
		in[i] = i + 1
	}
	return in
}

// mix is what get returns while it is checked.
func mix(v int) int { return 3*v + 1 }

// fold adds a value to a sum that depends on the order.
func fold(sum, v int) int { return 31*sum + v }

// A want says what a run must have left in its env, or why that is wrong.
type want func(*env) error

// called wants n calls for each input.
func called(e *env, n int) error {
	of := 0
	for _, v := range e.in {
		of += n * v
	}
	if calls := int(e.calls.Load()); calls != n*len(e.in) || int(e.of.Load()) != of {
		return fmt.Errorf("%d calls, want %d of the %d inputs", calls, n, len(e.in))
	}
	return nil
}

// calledOnce wants a call for each input.
func calledOnce(e *env) error { return called(e, 1) }

// mapped wants the results in the order of the inputs.
func mapped(e *env) error {
	results := make([]int, len(e.in))
	for i, v := range e.in {
		results[i] = mix(v)
	}
	if !slices.Equal(e.out, results) {
		return fmt.Errorf("results %v, want %v", e.out, results)
	}
	return calledOnce(e)
}

// summed wants the sum of the results.
func summed(e *env) error {
	sum := 0
	for _, v := range e.in {
		sum += mix(v)
	}
	if e.sum != sum {
		return fmt.Errorf("sum %d, want %d", e.sum, sum)
	}
	return calledOnce(e)
}

// folded wants the results in the order of the inputs, folded.
func folded(e *env) error {
	sum := 0
	for _, v := range e.in {
		sum = fold(sum, mix(v))
	}
	if e.sum != sum {
		return errOrder
	}
	return calledOnce(e)
}
