// Package wgwait defines an analyzer that finds Waits that never return, and groups
// without a Wait.
//
// # Analyzer wgwait
//
// wgwait: report calls of Wait that block forever or are missing, and miscounted WaitGroups
//
// Wait returns when the counter of the WaitGroup is zero. It never is when a
// goroutine returns without calling Done:
//
//	wg.Add(1)
//	go func() {
//		if err := job(); err != nil {
//			log.Print(err)
//			return // Wait blocks forever
//		}
//		wg.Done()
//	}()
//	wg.Wait()
//
// or when the goroutines that Wait waits for are stuck themselves, for example
// on a channel that is received from only after the Wait, or turn in a loop, woken by a
// ticker, until they are told, and that comes after the Wait as well:
//
//	func (f *Flusher) Close() {
//		f.wg.Wait() // for a loop that select lets out when stop is closed
//		close(f.stop)
//	}
//
// The check executes the goroutines of a function abstractly and reports a Wait,
// of a sync.WaitGroup or an errgroup.Group, that no run of the remaining
// goroutines can let return: Done is missing on a path, or is called less often
// than Add says; Wait comes before the results are drained; a goroutine waits
// for itself. Done called more often than Add says, which panics, is reported
// at the Done. The related positions tell how it comes to that.
//
// Without executing anything it reports the Wait of a group in an unexported
// field or variable that the package counts up and never down; a goroutine that is
// started behind the Add that counts it and does not call Done, where every Done of the
// package is in another goroutine that is counted; a return of an error
// behind an Add to such a group, where other paths of the function call Done, or start
// the goroutine or make the function literal that does; and a group that
// starts or counts goroutines while nothing in the package ever calls its Wait:
//
//	func Sizes(names []string) []int {
//		sizes := make([]int, len(names))
//		var wg sync.WaitGroup
//		for i, name := range names {
//			wg.Go(func() { sizes[i] = size(name) })
//		}
//		return sizes // which the goroutines have not yet written
//	}
//
// Wait used as a function value, deferred or in a goroutine counts as called, and
// so does one in a test, where tests are analysed with the package. Not reported
// are groups
//
//   - whose goroutines are waited for otherwise: by a receive from what they send on
//     or close, or another group;
//   - of type errgroup.Group with a limit whose tasks return no errors: it is a
//     limiter;
//   - of type errgroup.Group in a variable of one function, which is errgroupwait's;
//   - in a function that never returns;
//   - embedded in a type that other packages or an interface get hold of.
//
// An error return with a count is not reported where the function sends something, with
// which the count may go, where its caller calls Done, and where it was to start a
// goroutine with a loop: what has not started, nobody needs to stop.
//
// That one path leaves a Wait out which others reach is not reported either: to
// leave goroutines behind when there is an error is common.
//
// The check is silent about groups that code outside of the package can reach, and
// where it had to give up, which the flag -concurlint.debug shows.
//
// The fix makes a Done at the end of a goroutine a deferred one, first in it, where
// nothing comes after Done anyhow, or moves a deferred one up; counts each goroutine
// where it is started, in place of a number that is too large; does not count the
// goroutine that waits for the others; leaves out an Add before the method Go; gives the
// channel on which the goroutines are stuck room for what they send; or calls a Wait that
// is missing where the function returns what its goroutines write. Before it is offered,
// the check runs on the fixed code: the Wait must be stuck no more, and nothing else.
package wgwait
