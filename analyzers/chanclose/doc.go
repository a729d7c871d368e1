// Package chanclose defines an Analyzer that finds channels that are ranged
// over but never closed, or closed at the wrong time.
//
// # Analyzer chanclose
//
// chanclose: report a channel never closed, not on every path, or at a wrong time
//
// A range over a channel ends when the channel is closed, and in no other way.
// If nobody closes it, the loop takes the last value and then blocks forever:
// the function never returns, or its goroutine stays behind with all that it
// refers to. If it is closed while a goroutine may still send, that send
// panics and takes the process with it. Neither shows in a test that sends a
// few values and has luck with the order.
//
// The rule: the sender closes, once, when it is done. Several senders leave it
// to a goroutine that waits for all of them.
//
// WRONG: the workers return, and this range waits for a value that never comes
//
//	for range 3 {
//		wg.Add(1)
//		go func() {
//			defer wg.Done()
//			for j := range jobs {
//				results <- work(j)
//			}
//		}()
//	}
//	for r := range results {
//		print(r)
//	}
//	wg.Wait()
//
// RIGHT: a goroutine closes results when the last worker is done
//
//	go func() {
//		wg.Wait()
//		close(results)
//	}()
//	for r := range results {
//		print(r)
//	}
//
// WRONG: an error leaves the goroutine above its close
//
//	go func() {
//		for _, l := range lines {
//			n, err := strconv.Atoi(l)
//			if err != nil {
//				return
//			}
//			nums <- n
//		}
//		close(nums)
//	}()
//
// RIGHT: it closes on every way out
//
//	go func() {
//		defer close(nums)
//		for _, l := range lines {
//			...
//		}
//	}()
//
// WRONG: nothing receives before Wait returns, so the workers cannot send, and
// Wait does not return
//
//	wg.Wait()
//	close(results) // RIGHT: these two in a goroutine, as above
//	for r := range results {
//		print(r)
//	}
//
// What is reported, and where. A range stands for any receive in a loop that
// only the close ends, as in v, ok := <-ch:
//   - never closed: no close of the channel exists, or another channel is
//     closed in its place (at the range)
//   - closed on some paths only: the goroutine or function that closes it can
//     end without doing so (at the range; the story names the way out)
//   - closed only after the range: the close, or the start of the goroutine
//     that closes, stands below the range or is deferred (at the range)
//   - closed while others send: nothing between their start and the close
//     waits for them, such as a Wait for another group, a Done before the last
//     send, or a worker that is not counted (at the close)
//   - Wait before the only receiver: the senders that it waits for find no
//     room in the channel (at the Wait)
//   - closed by each of several goroutines, or by two (at the close)
//   - a send or a close after the close, also in the next turn of a loop (at
//     the operation that panics)
//   - a close of a field's channel that comes again when its function is called again:
//     behind a flag that another close sets and this one does not, in an HTTP handler
//     that asks nothing but the request, at the end of a goroutine that a method starts
//     anew after an end, while the channel is made only with the object (at the close)
//
// The operations are followed through closures, methods, struct fields,
// parameters, results, slices and maps of channels, and the functions of the
// package that are given the channel.
//
// Not reported:
//   - channels that escape to code that is not seen: other packages, unknown
//     functions and interfaces, exported fields and variables. It may close
//   - struct fields and package variables that some function of the package
//     closes
//   - a loop with another way out that depends on what was received: a count,
//     a last value, a nil
//   - workers, loggers and servers that live as long as the process or a test,
//     and channels on which nobody sends, made to block
//   - senders that never end, or do so only with a context that nothing ends, or that
//     is cancelled when the receiver is done
//   - a close under sync.Once, a lock, an atomic variable or a flag that tells
//     who closes, one where a timer was stopped before its function sends, or
//     two channels are found to differ, and code that recovers
//   - generated files
//
// Fix: the only sender closes with a defer; several counted by one WaitGroup
// get the goroutine that waits and closes; a function that sends itself closes
// behind its last send; a close on some paths becomes a deferred one; a close
// at the wrong time goes behind the Wait, or with it into a goroutine of its
// own before the range. The fix is withheld, and the message has to do, where
//   - the senders are not counted, not all by one WaitGroup, or in an errgroup
//     (its Wait returns an error that somebody must handle)
//   - the sender is a named function that others may call, or the channel
//     cannot be named at the place: a field, an element, a reassigned variable
//   - what comes before the new close waits for something that happens only
//     after the range, or code after the old close relied on it
//   - a comment would be lost, or a condition be left with nothing to do
package chanclose
