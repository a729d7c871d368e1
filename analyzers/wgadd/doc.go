// Package wgadd defines an Analyzer that finds calls of WaitGroup.Add that
// Wait can overtake, or that come after the goroutine they are for.
//
// # Analyzer wgadd
//
// wgadd: report a WaitGroup.Add that Wait can overtake
//
// A WaitGroup's Wait returns when its counter is zero. If the Add that counts a
// goroutine is executed by that goroutine, nothing says that it comes before the
// Wait: the scheduler may run Wait first, which finds zero and returns, and the
// program goes on without the work, or closes a channel that the goroutine is
// about to send on. It works in every test and fails under load.
//
//	for _, u := range urls {
//		go func() {
//			wg.Add(1) // WRONG: Wait may have returned by now
//			defer wg.Done()
//			fetch(u)
//		}()
//	}
//	wg.Wait()
//
//	for _, u := range urls {
//		wg.Add(1) // RIGHT: before the goroutine exists
//		go func() {
//			defer wg.Done()
//			fetch(u)
//		}()
//	}
//	wg.Wait()
//
// Since Go 1.25, wg.Go(func() { fetch(u) }) does both in one.
//
// It reports
//
//   - an Add, or a call of WaitGroup.Go, in a goroutine that is not counted
//     itself, wherever it stands: first or later in the goroutine's function, in
//     the named function or method that the go statement starts, in a helper that
//     this calls, in a closure given to a function that starts it, or to
//     time.AfterFunc;
//   - an Add that follows the go statement of a goroutine with a Done, while
//     nothing has been added before: Done may come first, and a negative counter
//     panics.
//
// Not reported:
//
//   - an Add under a count that the goroutine holds already: an Add precedes its
//     start on every path, or the work that it received was counted, and its own
//     Done comes later; so is a recursion that counts its children;
//   - a WaitGroup that belongs to the goroutine, with the Wait in it too;
//   - an Add that something else orders before the Wait: a receive, another
//     group, a condition variable. A receive from the Done channel of a context
//     that the caller may end orders nothing, nor does a condition variable by which
//     goroutines take turns, as with a lock: who comes first need not wait;
//   - an Add under a lock and behind a flag, the shape by which a type keeps new
//     work out once it waits;
//   - a WaitGroup that is handed to code that cannot be seen, or whose Wait
//     cannot be seen, such as that of a parameter.
//
// go vet's waitgroup check reports the first of these forms, an Add that is the
// first statement of a function literal.
//
// The fix moves the Add in front of the go statement. It is offered where that
// certainly counts the same: the Add is executed on every path of the goroutine,
// with a constant, its Done is deferred, and what it names means the same outside. A
// goroutine that begins with wg.Add(1) and defer wg.Done() becomes one of wg.Go, from
// Go 1.25 on.
package wgadd
