// Package lockblock defines an Analyzer that finds locks that are never
// unlocked, and goroutines that lock each other, or themselves, out.
//
// # Analyzer lockblock
//
// lockblock: report a lock left locked, and deadlocks with locks
//
// A sync.Mutex that a function leaves locked on one of its paths, mostly an
// error return that was added later, blocks whoever locks it next, forever. So
// does a second Lock by the goroutine that holds the lock already: Go's locks
// are not reentrant. Usually the second Lock is out of sight, in a method that
// locks for itself and is called by one that has locked.
//
//	func (c *Cache) Get(k string) (string, error) {
//		c.mu.Lock()
//		v, ok := c.m[k]
//		if !ok {
//			return "", errMissing // WRONG: c.mu stays locked
//		}
//		c.mu.Unlock()
//		return v, nil
//	}
//
//	func (c *Cache) Get(k string) (string, error) {
//		c.mu.Lock()
//		defer c.mu.Unlock() // RIGHT: on every path
//		…
//	}
//
// It reports
//
//   - a return with a lock held that the function took, and that it unlocks on
//     another path, or that nobody else unlocks, though others lock it or the function
//     is called again, also where the lock is that of a sync.Cond; also the next turn of
//     a loop;
//   - a panic with such a lock held, where a caller recovers from it;
//   - a return of a goroutine that was started to unlock a lock, and does so on
//     another path only;
//   - a Lock of a lock that the goroutine holds, in the same function, in the
//     next turn of a loop, or in a function that is called while it is held,
//     directly or through others;
//   - an RLock under an RLock of the same lock, if the package also locks it
//     for writing: a writer that waits in between blocks the second RLock, and
//     the first is never released;
//   - an RLock that is undone by Unlock, or a Lock by RUnlock;
//   - a second Unlock that nothing has locked for, on a way that the function takes after
//     the first one, or by a deferred call: "fatal error: sync: unlock of unlocked mutex";
//   - two locks of one object, or two package-level ones, that two functions
//     take in opposite order;
//   - a send with a lock held, if all who receive from the channel take that lock in the
//     loop in which they receive: when they wait for it, nobody receives. Lock and
//     channel are in unexported fields of one object;
//   - a Wait on a Cond in an unexported field or variable on which nothing in the
//     package calls Signal or Broadcast;
//   - goroutines that wait for each other where locks are part of it, as far as
//     a run of a function shows them: two locks taken in opposite order, a lock
//     held across a send, receive or Wait that needs somebody who wants the
//     lock, a read lock taken again while a writer waits, a Cond that nobody is
//     left to signal, a Once whose function calls it again. For these, functions
//     are executed abstractly, as by goleak.
//
// A pair of methods Lock and Unlock of an interface is a lock, too, whatever is behind it.
//
// The report of a second Lock stands at that Lock, where the goroutine stops. Its
// related positions lead from the first Lock through the calls to it: the
// mistake is mostly in one of these. Of two functions that lock in opposite
// order, the report stands where the first one waits. Where a goroutine holds a
// lock while it waits for something else, the report stands at that operation.
//
// Not reported:
//
//   - a lock that is handed over: the function returns while it is held and
//     another function unlocks it without having locked it, be it the caller, a
//     method of what is returned, or the goroutine that is started;
//   - lock and unlock functions, also those that can fail and hold the lock on
//     success only;
//   - a callee that unlocks its caller's lock for a while, and windows without
//     the lock in one function;
//   - locks in slices and maps whose index is not known to be the same;
//   - a lock held at a panic that nobody is seen to recover from, or at the end of
//     the process;
//   - a second Lock behind a condition on a parameter or variable, by which the
//     functions may have agreed on who locks, unless the other branch locks as well;
//   - an operation that waits for code of other packages with a lock held, which Close
//     would need to end the wait: a Read, or a send that an exported method receives.
//
// The fix unlocks before the return. It is offered where the lock is held
// whenever the return is reached and what is returned reads nothing that the
// lock may guard. Where a return does, a deferred Unlock right after the Lock takes
// the place of all others, if each of these stands right before a return that calls
// nothing, and nothing else is deferred; so it does around a panic that a caller recovers
// from, and first in a goroutine that was started to unlock.
package lockblock
