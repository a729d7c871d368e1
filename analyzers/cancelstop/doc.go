// Package cancelstop defines an Analyzer that finds cancellations that stop
// nobody.
//
// # Analyzer cancelstop
//
// cancelstop: report cancellations that stop nobody, and loops that never wait
//
// A context, a channel that is closed and a ticker that is stopped end a
// goroutine only if the goroutine does something about it. Four mistakes leave
// it running, or waiting, for ever.
//
// A break in a case of a select leaves the select. The loop goes on, and since
// the channel of a context that is done is always ready, it takes the same case
// in every turn from then on, as fast as it can.
//
// WRONG: when ctx is done, the loop keeps a processor busy for ever
//
//	for {
//		select {
//		case <-ctx.Done():
//			break
//		case v := <-in:
//			use(v)
//		}
//	}
//
// RIGHT: leave the loop, by a return or by a break with the loop's label
//
//	for {
//		select {
//		case <-ctx.Done():
//			return
//		case v := <-in:
//			use(v)
//		}
//	}
//
// Stop does not close the channel of a Ticker or Timer. A loop over its ticks
// waits for the next one, which does not come.
//
// WRONG: the goroutine outlives Close
//
//	func (m *Monitor) run() {
//		for range m.ticker.C {
//			m.measure()
//		}
//	}
//
//	func (m *Monitor) Close() { m.ticker.Stop() }
//
// RIGHT: a channel of its own tells the goroutine
//
//	func (m *Monitor) run() {
//		for {
//			select {
//			case <-m.ticker.C:
//				m.measure()
//			case <-m.done:
//				return
//			}
//		}
//	}
//
// A derived context is cancelled on its own. What is to stop has to be given it.
//
// WRONG: fetch does not stop after a second
//
//	_, cancel := context.WithTimeout(ctx, time.Second)
//	defer cancel()
//	return fetch(ctx)
//
// RIGHT:
//
//	ctx, cancel := context.WithTimeout(ctx, time.Second)
//	defer cancel()
//	return fetch(ctx)
//
// And a select with an empty default case does not wait: in a loop of its own it
// keeps a processor busy until another case is ready.
//
// What is reported:
//   - a case of a select in a loop for the end, from which control comes back to
//     the select: one on the Done channel of a context, on a channel of empty
//     structs with which the package does nothing but to close it and to receive
//     from it, or the branch for !ok behind a receive
//   - a break in such a case that is all that the loop makes of the end, where
//     something else may end the loop
//   - a case that receives from a channel without asking whether it is open, and only
//     counts or keeps what it gets, where a goroutine closes the channel when its work
//     is done or has failed: the loop spins with zero values
//   - an empty default case in a select that is all there is in a loop
//   - a loop over the ticks of a Ticker or Timer that nothing but the next tick
//     can end, where the Ticker is stopped elsewhere; a goroutine that waits for
//     one tick of a Ticker or Timer in a field, which another function stops; a
//     receive behind Stop, from Go 1.23 on
//   - a context that is derived by context.WithCancel and the like, or by a
//     function of the package that returns it with what cancels it, and that
//     nobody reads, while its cancel function is called, if need be by way of an
//     unexported field that the package sets to nothing else
//   - the reverse: a context that is derived by context.WithCancel from one that never
//     ends, and whose cancel function goes into an unexported field that nothing reads
//
// Not reported:
//   - loops that control may leave behind the case: by a return or a condition of
//     the loop that may have changed, or because the case ends the process
//   - a case that calls something, sets something or sends, where another case
//     leaves the loop: that one may wait for it
//   - a receive without ok whose case calls something or sends, since that may look at
//     the value, and one from a channel that is closed at the wish of somebody else,
//     by a context, another channel or a variable: that may end the loop as well
//   - a context or channel that is renewed, such as the channel of a broadcast,
//     or set to nil; a channel whose origin is not seen, which may be for signals
//   - a loop over a channel that is drained, and the rest of a slice for which
//     nothing is done any more
//   - loops that call, sleep, yield or look at the time in each turn, and all
//     that spins in a test
//   - tickers that nobody stops, that are stopped by the function which loops
//     over them, in main or in a test, that are reset, or that are passed on, or
//     that other packages put into an exported field
//   - cancel functions that are only kept in fields set elsewhere too, or that are
//     passed on, and contexts in tests
//   - sends that no select guards: goleak reports those that get stuck
//
// The fix replaces the break, or adds to the case, a return where the function
// has no results and ends with the loop, and a break with a label where
// something follows the loop. It deletes an empty default case. The loop of a
// goroutine over the ticks of a local Ticker gets a channel that is closed where the
// Ticker is stopped. For discarded contexts there is none: they need another call.
package cancelstop
