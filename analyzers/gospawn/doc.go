// Package gospawn defines an Analyzer that finds goroutines started for each
// element of an input that the program does not bound.
//
// # Analyzer gospawn
//
// gospawn: report a goroutine per element of unbounded input with no limit
//
// A goroutine is cheap, and a million of them are not: each has a stack, and
// mostly a connection, a file or a buffer as well. A loop that starts one for
// each element of what it is given leaves the number to the caller, the client
// or the file. The program works in every test and fails on the day of the
// large input: out of memory, out of file descriptors, or with so many
// requests under way that all of them time out.
//
// WRONG: as many goroutines as there are urls
//
//	for _, u := range urls {
//		wg.Add(1)
//		go func() {
//			defer wg.Done()
//			fetch(ctx, u)
//		}()
//	}
//
// RIGHT: as many as the machine is good for
//
//	g, gctx := errgroup.WithContext(ctx)
//	g.SetLimit(runtime.GOMAXPROCS(0))
//	for _, u := range urls {
//		g.Go(func() error { return fetch(gctx, u) })
//	}
//
// Without errgroup: take a token from a semaphore before the go statement and
// give it back in the goroutine, or let a fixed number of workers receive the
// elements from a channel.
//
// A report needs evidence that the input is not bounded. It is a parameter of
// an exported function (through the callers in the package, of an unexported
// one), the data of a request, what a decoder, scanner, reader, directory or
// database delivers, or the values of a channel; or the function starts itself
// for each part of what it is given. The go statement may stand in a helper
// that the loop calls, in a wrapper such as safeGo(func() { ... }), or be
// WaitGroup.Go or errgroup's Go.
//
// Not reported:
//   - numbers that are constant or configured: integers, arrays, literals,
//     package-level variables, fields of the receiver and of configuration
//     structs, lists of addresses, of functions or of objects that live on
//     their own, such as listeners and servers
//   - a limit on the way: SetLimit, a token taken before the start and given
//     back in the goroutine (a channel, a semaphore, or a type of one's own), a
//     Wait or a receive of the result within the loop, a counter that is
//     compared with a maximum, a tick that is waited for in each turn
//   - results that are used in order: what each goroutine answers on goes through a
//     channel of limited room, and its receiver waits for one answer before the next
//   - a goroutine per part or batch of the input, as with slices.Chunk
//   - one goroutine per accepted connection, per tick or per signal
//   - what runs once in the life of the process, test files, generated files
//
// The fix limits an errgroup that the function makes itself, or puts a
// semaphore around the start. The latter is offered only for goroutines that
// cannot depend on one another: if one waits for a later one that has not got
// its token yet, a limit is a deadlock.
//
// A semaphore that is taken in the goroutine itself bounds the work, not the
// goroutines. That is often good enough, so the flag -gospawn.inside turns
// this form of the report on.
package gospawn
