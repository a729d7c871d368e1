// Package goleak defines an analyzer that finds goroutines stuck on a channel.
//
// # Analyzer goleak
//
// goleak: report goroutines that block forever on a channel
//
// A goroutine that waits for a channel operation that nobody will ever answer
// is leaked: it stays, with all that it refers to, until the process ends. The
// commonest way to write one is a result that nobody waits for any more:
//
//	func fetch(ctx context.Context) (*Result, error) {
//		results := make(chan *Result)
//		go func() { results <- slow() }()
//		select {
//		case r := <-results:
//			return r, nil
//		case <-ctx.Done():
//			return nil, ctx.Err()
//		}
//	}
//
// When the context is done first, fetch returns, and the goroutine blocks on
// its send forever. A buffer of one would let it go.
//
// The check executes the goroutines of a function abstractly, with unknown
// inputs and in several interleavings, and reports an operation that cannot
// proceed because every goroutine that could answer it has returned or is stuck
// itself: a send whose receivers have left, a receive or range whose senders
// have left without closing the channel, a select none of whose cases can be
// reached, an Acquire whose tokens are lost. A buffer of constant size does not help
// against values that are sent in a loop without a bound, over input or over what the
// function is given: when nobody receives any more, it is full. A goroutine that turns in
// a loop until it is told, woken by a ticker, does not help those who wait before they tell
// it. The related positions tell how it comes to that.
//
// Two shapes need no run, and are found in functions that are too large for one. A
// goroutine's plain send on an unbuffered channel of the function that started it, which
// receives it only in a select that gives up after a time, or with the context that it is
// given. And an exported method's plain send to the one goroutine that the constructor
// has started, where another method of the type has a case for the end of that goroutine
// beside its own send: then methods may be called after the end, and this one hangs. And
// a receive, other than in a select, from a channel that the package makes for an
// unexported field or variable, and on which nothing sends and which nothing closes.
//
// It takes the outside world to be helpful: a channel, context or function that
// code outside of the package can reach may always be answered from there, and
// so is never reported. It is silent as well where a run would need unlikely
// coincidences between unknown values, where goroutines wait for work until the
// process or the test ends, and where it had to give up, which the flag
// -concurlint.debug shows.
//
// The fix gives the channel room for the value that nobody may receive,
// make(chan T, 1), or for those of all senders, make(chan T, len(names)). It is offered
// where each sends once, as the last thing that it does, and where the value needs no
// care: nobody would close a connection that stays in a channel. A goroutine that goes
// on after it has sent an error gets the return that it lacks.
//
// Where the number of values is not known, but a context is at hand that is cancelled
// when the receivers leave, the send becomes a select with a case that returns when the
// context is done. It is offered where nobody could take the values that have come until
// then for all: where only the function that receives them cancels the context, by a
// deferred call; where the receivers look at the same context; where sender and
// receivers are tasks of one errgroup, whose Wait returns the error.
//
// Before a fix is offered, the check runs on the fixed code: the operation must be stuck
// no more, and no other one, though nobody else cancels a context.
package goleak
