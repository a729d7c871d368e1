// Package chanpanic defines an analyzer that finds channel operations that
// panic.
//
// # Analyzer chanpanic
//
// chanpanic: report close of a closed or nil channel and send after close
//
// A channel is closed once, by its only sender or after all of its senders have
// finished. A second close panics, and so does a send after the close:
//
//	results := make(chan int)
//	for _, j := range jobs {
//		go func() { results <- work(j) }()
//	}
//	for range jobs {
//		if r := <-results; r < 0 {
//			break // the others are still to send
//		}
//	}
//	close(results)
//
// The check executes the goroutines of a function abstractly, with unknown
// inputs and in several interleavings, and reports a close or send that panics
// in one of them. The related positions tell how it comes to that.
//
// It is silent where a deferred function recovers, where the run needs help that only
// the functions in it could give, where a test is answered by what is not seen, about channels that it does
// not see made, and where it had to give up, which the flag -concurlint.debug
// shows.
package chanpanic
