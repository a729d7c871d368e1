// Package semrelease defines an Analyzer that finds semaphores that are not
// released on every path, or released without having been acquired.
//
// # Analyzer semrelease
//
// semrelease: report a semaphore left acquired, or released without need
//
// A semaphore has a number of places. A function that acquires one and does not
// release it on one of its paths, mostly an error return or a continue that was
// added later, takes a place away for good. Nothing happens at first: the
// program hangs when the last place is gone, far from the mistake. A release
// too many does the opposite: Release of golang.org/x/sync/semaphore panics, a
// receive from a channel blocks, and if another goroutine has acquired at that
// time, they give back its place, and there is no limit any more.
//
//	func (s *Store) Read(ctx context.Context, name string) ([]byte, error) {
//		s.slots <- struct{}{}
//		f, err := os.Open(name)
//		if err != nil {
//			return nil, err // WRONG: the slot is lost
//		}
//		defer func() { f.Close(); <-s.slots }()
//		return io.ReadAll(f)
//	}
//
//	func (s *Store) Read(ctx context.Context, name string) ([]byte, error) {
//		s.slots <- struct{}{}
//		defer func() { <-s.slots }() // RIGHT: on every path
//		f, err := os.Open(name)
//		if err != nil {
//			return nil, err
//		}
//		defer f.Close()
//		return io.ReadAll(f)
//	}
//
//	func (s *Store) Warm(ctx context.Context) {
//		s.sem.Acquire(ctx, 1)
//		defer s.sem.Release(1) // WRONG: panics if ctx is done
//		…
//	}
//
//	func (s *Store) Warm(ctx context.Context) error {
//		if err := s.sem.Acquire(ctx, 1); err != nil {
//			return err // RIGHT: there is nothing to release
//		}
//		defer s.sem.Release(1)
//		…
//	}
//
// Semaphores are those of golang.org/x/sync/semaphore, and channels that serve
// as one: made with room for something, sent to and received from in this package
// only, with values that nobody looks at, never closed, and never released in a
// select that waits for other things as well. A send acquires and a receive
// releases, or the other way round if a loop fills the channel when it is made.
// They may be in variables, fields, or types with methods of their own.
//
// It reports
//
//   - a return with a semaphore acquired that the function releases on another
//     path, or hands over there: to a goroutine, or to a function literal that it
//     passes on, stores or returns;
//   - a return of an error and nil with a semaphore acquired for the object that
//     the function returns otherwise;
//   - a return of an error and nil with a semaphore acquired that a literal in the
//     object releases which the function returns otherwise, and which it drops there;
//   - the next turn of a loop with a semaphore acquired that other turns release;
//   - a return of a goroutine with a semaphore that was acquired for it, and that
//     it releases on another path;
//   - a release that is also reached if the acquire has failed: the error of
//     Acquire, or the result of TryAcquire, is ignored, or the function goes on
//     behind a select that chose another case;
//   - a release after a release, on a path with one acquire: often a deferred one
//     after one by hand;
//   - a Release of more, or less, than the weight that was acquired, where both
//     are constants;
//   - an Acquire of a constant weight above the constant size of the semaphore.
//
// The report of a release too many stands at the acquire that may fail, and, of
// two releases, at the one that is not deferred.
//
// Not reported:
//
//   - an acquire in one function and the release in another one, be it the
//     caller, a method of what is returned, a goroutine that is started, or a
//     worker to which a channel leads; an error return is reported all the same
//     if the function releases, or hands over, on another path;
//   - an object that releases, and that the function has given to anybody before the
//     return that drops it, but for a function of another package that cannot release
//     with what it is given, and whose error is returned;
//   - acquire and release methods, also of lock types built on a semaphore;
//   - the acquire of the whole semaphore in the end, to wait for all;
//   - a return with a semaphore acquired that is made in the same function, and in
//     functions that run once;
//   - what is acquired in one loop and released in another one;
//   - Acquire with a context that cannot be cancelled, whose error is ignored;
//   - a place lost by a panic;
//   - semaphores in slices and maps, those that other packages may operate on
//     other than by methods, and home-made ones of counters and Conds;
//   - channels without a buffer, or with the roles of send and receive exchanged:
//     where a run of the function that makes them shows it, goleak reports that
//     they block.
//
// The fix defers the release, right after the acquire has succeeded, or first in the
// goroutine that was started to release, and deletes the others. It is offered where each
// of these stands right before a return that calls nothing, and nothing else is deferred.
// Elsewhere it releases before the return or the continue statement, where the semaphore
// is acquired whenever the statement is reached and what is returned does no work. Where
// an Acquire is the first statement of a function that returns an error and nothing else,
// the fix returns the error of Acquire.
package semrelease
