// Package wgwait defines an analyzer that finds Waits that never return.
//
// # Analyzer wgwait
//
// wgwait: report calls of Wait that block forever, and miscounted WaitGroups
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
// on a channel that is received from only after the Wait.
//
// The check executes the goroutines of a function abstractly and reports a Wait,
// of a sync.WaitGroup or an errgroup.Group, that no run of the remaining
// goroutines can let return: Done is missing on a path, or is called less often
// than Add says; Wait comes before the results are drained; a goroutine waits
// for itself. Done called more often than Add says, which panics, is reported
// at the Done. The related positions tell how it comes to that.
//
// Without executing anything it reports the Wait of a group in an unexported
// field or variable that the package counts up and never down.
//
// It is silent about groups that code outside of the package can reach, and
// where it had to give up, which the flag -concurlint.debug shows.
package wgwait
