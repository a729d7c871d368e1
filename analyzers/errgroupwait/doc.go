// Package errgroupwait defines an Analyzer that finds groups that are not waited
// for, and other ways to lose an error or a task of an errgroup.
//
// # Analyzer errgroupwait
//
// errgroupwait: report groups not waited for, their lost errors, and limits that block
//
// The tasks of an errgroup.Group end, and their first error is known, when Wait
// returns. A function that returns between Go and Wait leaves its tasks running,
// with what they use, and their errors go nowhere. The context that
// errgroup.WithContext derives does not help: it ends with the first error of a
// task or with Wait, not with the function.
//
// WRONG: when a line is malformed, the checks of the others run on
//
//	g, gctx := errgroup.WithContext(ctx)
//	for _, line := range lines {
//		u, err := url.Parse(line)
//		if err != nil {
//			return err
//		}
//		g.Go(func() error { return check(gctx, u) })
//	}
//	return g.Wait()
//
// RIGHT: what can fail before a task starts comes first, or is a task
//
//	g, gctx := errgroup.WithContext(ctx)
//	for _, line := range lines {
//		g.Go(func() error {
//			u, err := url.Parse(line)
//			if err != nil {
//				return err
//			}
//			return check(gctx, u)
//		})
//	}
//	return g.Wait()
//
// A loop that feeds workers learns from the derived context that one of them has
// failed. The error of the context says only that: "context canceled".
//
// WRONG: the worker's error is lost
//
//	for _, x := range xs {
//		select {
//		case work <- x:
//		case <-gctx.Done():
//			return gctx.Err()
//		}
//	}
//	close(work)
//	return g.Wait()
//
// RIGHT: Wait returns the error that has cancelled the context
//
//	feed:
//	for _, x := range xs {
//		select {
//		case work <- x:
//		case <-gctx.Done():
//			break feed
//		}
//	}
//	close(work)
//	return g.Wait()
//
// What is reported:
//   - a return between Go and Wait, or behind the last Wait
//   - the derived context's error returned without Wait, outside of the tasks
//   - a group for which nobody Waits, though a task returns errors
//   - Wait as a statement, though a task returns errors
//   - a loop that uses the group on after Wait has returned an error: a group keeps
//     its first error, and Wait returns it again in each round
//   - SetLimit after Go. If the group had a limit it panics, as long as a task
//     runs. If it had none, a running task gives back a token at its end that it
//     never took, and blocks there forever, and Wait with it
//   - SetLimit(0) with a Go, which then blocks forever; likewise
//     SetLimit(runtime.NumCPU()/2), which is 0 on a machine with one processor
//   - Go in a task of the same group, if it is limited: when as many tasks as the
//     limit allows wait there for a place, none of them ends. TryGo does not wait
//   - a variable, field or map of the function that several tasks assign without
//     a lock: a data race. The usual one is err, declared outside of the tasks
//   - a bare send in a loop, whose only receivers are tasks that return when they
//     fail: when all of them have, it blocks forever
//
// Not reported:
//   - groups that others know as well: in struct fields, parameters, captured by
//     functions that are given away. Limits, sends and variables are judged there
//     too
//   - a return when the tasks are being ended: a context above theirs is cancelled
//     or done, a channel is closed, or something that they use is closed or
//     stopped
//   - a return after the function has heard of a task in another way, over a
//     channel or a WaitGroup, or as the cause of the derived context; a return that a
//     counter or a flag decides, which may say that there are no tasks; panics,
//     log.Fatal and os.Exit; func main; tests
//   - _ = g.Wait(), which is a decision, and defer g.Wait(), which only waits
//   - dropped errors of tasks that return nil always, or the error of a context
//     only, or that log, store or send what they return; errors without data, as in
//     errors.New("stop"), where they may be there to end the others: the group has
//     a context, and the task is one of many, or waits for something
//   - tasks that take a lock, send, receive or ask an atomic variable, or assign
//     a variable under a condition of their own; groups with a limit of 1
//   - a task that returns nil where it has seen an error: that is often meant
//   - the derived context after Wait, which is errgroupctx's
//
// The fix returns the error of a Wait that stands right before return nil, sets a
// constant limit before the first task starts, and gives the tasks an err of their
// own where nobody reads what they leave in the shared one. A task that feeds others
// leaves its send with the error of the group's context when that is done.
package errgroupwait
