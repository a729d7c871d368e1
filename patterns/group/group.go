// Copyright (c) 2026, the concurlint authors. BSD 3-Clause License:
// https://github.com/concurlint/concurlint/blob/main/LICENSE

// Package group runs a few different tasks at the same time: all that must
// succeed, all of them whatever happens, or the first that succeeds.
//
// golang.org/x/sync/errgroup does the work, and this package is a way to use it
// in which its context is hard to misuse: the derived context exists only as the
// parameter of the tasks. So a task gets the context that an error cancels, and
// no code after Wait uses it, when it is done.
//
//	                         ┌─► task(derived) ─┐
//	ctx ──► Run ──► derived ─┼─► task(derived) ─┼──► nil, or the first error
//	                   ▲     └─► task(derived) ─┘                │
//	                   └──────────────── cancelled ──────────────┘
//
// Guarantees:
//
//  1. Completeness: the call returns when all tasks that it started have
//     returned, so the variables which they set can be read without a lock. A
//     nil error of Run means that every task has returned nil.
//  2. Order: tasks start and end in any order. Settle returns the results in the
//     order of the tasks.
//  3. Cancellation: when ctx is done, or a task has decided the outcome, the
//     context of the tasks is done and no further one starts. A task that was
//     not started counts as failed with context.Cause of that context. A task
//     that ignores its context delays the call.
//  4. Errors: Run returns the first error, which cancels the other tasks; their
//     errors tell of that and are dropped. Settle returns every error, and none
//     cancels another task. First returns all errors, joined, if no task
//     succeeds.
//  5. Panics: a panic in a task cancels the other tasks, and is raised again on
//     the caller's goroutine as a *PanicError with the stack of the original.
//     So the caller's deferred functions run and its recover works. The price is
//     that the panic waits for tasks that ignore their context. (errgroup lets
//     the process crash at once, because a caller may never reach Wait; here it
//     always does.) runtime.Goexit, and with it t.FailNow, is passed on too.
//  6. Memory: a goroutine for each task, in Settle at most limit at a time.
//
// Complexity: constant time for a task, about 0.3 µs, which is errgroup's and a
// little for the panics.
//
// Do not use it for the same function over many inputs (patterns/workerpool), or
// for goroutines that live as long as the program: those need an owner that can
// stop them, not a call that waits. Run has no limit, because you wrote each of
// its tasks down.
//
// Mistakes that it prevents, by the concurlint check that reports them:
//
//	errgroupctx   a task that misses the derived context, or its use after Wait
//	errgroupwait  a group without Wait; SetLimit after Go; Go in a task of a full group
//	gospawn       a task for each element of a list of unknown length (Settle)
//	goleak        losers of a race blocked on a result channel (First)
//	wgadd         WaitGroup.Add inside the goroutine, which Wait can overtake
package group

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Run calls all tasks at the same time and waits for them. It returns the first
// error, which cancels the context of all tasks.
func Run(ctx context.Context, tasks ...func(context.Context) error) error {
	return run(ctx, -1, len(tasks), func(ctx context.Context, i int) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return tasks[i](ctx)
	})
}

// A Result is what a task returned.
type Result[T any] struct {
	Value T
	Err   error
}

// Settle calls all tasks, at most limit at a time, and returns what each of them
// returned. It panics if limit < 1.
func Settle[T any](ctx context.Context, limit int, tasks ...func(context.Context) (T, error)) []Result[T] {
	if limit < 1 {
		panic("group: limit < 1")
	}
	results := make([]Result[T], len(tasks)) // needs no lock: each element has one writer, and is read after Wait
	run(ctx, limit, len(tasks), func(ctx context.Context, i int) error {
		results[i] = call(ctx, tasks[i])
		return nil // an error would cancel the other tasks
	})
	return results
}

// First calls all tasks at the same time and returns the value of the first that
// succeeds, which cancels the context of the others; it waits for them all the
// same. If none succeeds, it returns their errors, joined.
func First[T any](ctx context.Context, tasks ...func(context.Context) (T, error)) (T, error) {
	errs := make([]error, len(tasks)) // needs no lock, like results in Settle
	err := run(ctx, -1, len(tasks), func(ctx context.Context, i int) error {
		r := call(ctx, tasks[i])
		if r.Err == nil {
			return won[T]{r.Value} // an error for the group, as that is what cancels the others
		}
		errs[i] = r.Err
		return nil
	})
	if w, ok := err.(won[T]); ok {
		return w.value, nil
	}
	var zero T
	if len(tasks) == 0 {
		return zero, errors.New("group: First without tasks")
	}
	return zero, errors.Join(errs...)
}

// won is the context.Cause that the losers of First see.
type won[T any] struct{ value T }

func (won[T]) Error() string { return "group: another task succeeded first" }

func call[T any](ctx context.Context, task func(context.Context) (T, error)) (r Result[T]) {
	if ctx.Err() != nil {
		return Result[T]{Err: context.Cause(ctx)}
	}
	r.Value, r.Err = task(ctx)
	return r
}

// run is errgroup for the tasks 0 to n-1, with panics raised in the caller.
func run(ctx context.Context, limit, n int, task func(ctx context.Context, i int) error) error {
	var t team
	ctx, t.cancel = context.WithCancelCause(ctx) // for panics: errgroup learns of errors only
	defer t.cancel(nil)
	t.Group, ctx = errgroup.WithContext(ctx) // for errors: it has noted the first one before any task is told to stop
	t.SetLimit(limit)
	for i := range n {
		t.Go(func() error { // ends when the task returns
			return t.guard(func() error { return task(ctx, i) })
		})
	}
	err := t.Wait()
	if p := t.panicked.Load(); p != nil {
		p.raise() // although there may be an error: a panic is a bug and must not hide behind one
	}
	return err
}

// A team is an errgroup that outlives panics.
type team struct {
	*errgroup.Group
	cancel   context.CancelCauseFunc
	panicked atomic.Pointer[PanicError] // the first, if any
}

// guard calls f. If f does not return, be it by panic or runtime.Goexit, guard
// notes it and cancels the context of the team.
func (t *team) guard(f func() error) (err error) {
	returned := false
	defer func() {
		if !returned {
			p := newPanicError(recover())
			t.panicked.CompareAndSwap(nil, p)
			t.cancel(p)
			err = p
		}
	}()
	err = f()
	returned = true
	return err
}

// A PanicError carries a panic from the goroutine where it happened to the
// goroutine of the caller.
type PanicError struct {
	Value any    // what panic was called with; nil for runtime.Goexit
	Stack []byte // of the goroutine that panicked
}

func newPanicError(v any) *PanicError {
	if p, ok := v.(*PanicError); ok {
		return p // on its way through several goroutines: keep where it began
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}

func (p *PanicError) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns the value of the panic if that is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (p *PanicError) raise() {
	if p.Value == nil { // recover returns nil for runtime.Goexit only
		runtime.Goexit()
	}
	panic(p)
}
