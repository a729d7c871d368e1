// Package errgroupctx defines an Analyzer that finds misuses of the context
// that errgroup.WithContext returns.
//
// # Analyzer errgroupctx
//
// errgroupctx: report tasks that miss the group's context, and its use after Wait
//
// errgroup.WithContext returns a group and a context. The context is cancelled
// when a task of the group fails, so that the others stop, and when Wait
// returns, with or without an error. Both are easily missed, because the parent
// is at hand as well and everything type-checks with either.
//
// A task that uses the parent is not stopped. When another task fails, it goes
// on with work that nobody wants, and Wait returns only after it; if it waits
// for something that the failed task was to do, Wait never returns.
//
// WRONG: when a fetch fails, the others run to their end
//
//	g, _ := errgroup.WithContext(ctx)
//	for _, u := range urls {
//		g.Go(func() error { return fetch(ctx, u) })
//	}
//	return g.Wait()
//
// A use of the derived context after Wait fails at once, always: not only when
// a task has failed. The commonest way there is to give the derived context the
// parent's name.
//
// WRONG: save gets a context that is cancelled
//
//	g, ctx := errgroup.WithContext(ctx)
//	for _, u := range urls {
//		g.Go(func() error { return fetch(ctx, u) })
//	}
//	if err := g.Wait(); err != nil {
//		return err
//	}
//	return save(ctx)
//
// RIGHT: two contexts, two names
//
//	g, gctx := errgroup.WithContext(ctx)
//	for _, u := range urls {
//		g.Go(func() error { return fetch(gctx, u) })
//	}
//	if err := g.Wait(); err != nil {
//		return err
//	}
//	return save(ctx)
//
// What is reported:
//   - the derived context is discarded (or never read) while a task uses the
//     parent. If each task is to run to its end whatever becomes of the others,
//     a zero errgroup.Group says so
//   - a task uses the parent, or a context that comes from it beside the derived
//     one, where the derived one is in reach: in scope, a parameter, a field of
//     the receiver, or in scope where the parent was passed on
//   - a task passes context.Background() or TODO() to a call and returns its
//     error, without a mention of the derived context
//   - the derived context is used after Wait: in the same function, in helpers,
//     deferred functions and tasks that are started later, through struct
//     fields, and as the parent of a second group or timeout
//
// A use is a call that takes the context and returns an error, or waiting for
// Done. Contexts are told apart by value, not by name: a variable that is
// assigned again holds another context from there on.
//
// Not reported:
//   - contexts that are only asked or logged: Value, Err, Deadline, Cause, calls
//     that return no error or take one to wrap it
//   - tasks that take no context; a group whose other tasks cannot fail
//   - detachment on purpose: context.WithoutCancel, and a timeout or other
//     context of Background
//   - the parent in deferred clean-ups, and after the task has seen the derived
//     context done or has got an error of a call that was given it
//   - the parent in the function that starts the tasks, or in other goroutines
//   - a context that a task itself cancels
//   - values that may be either context, and groups that another package makes
//
// The fix introduces a new name, gctx, for a discarded context or one that hides
// its parent, and never takes the parent's: that is how the parent gets lost. In
// tasks it replaces the parent by the derived context, after Wait the derived
// context by the parent. It is offered where both are plain variables that are
// assigned once.
package errgroupctx
