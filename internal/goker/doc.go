// Package goker measures analyzers on collections of small programs with known
// concurrency bugs. Its test is the benchmark:
//
//	go test ./internal/goker -v                                     # what a Go installation has
//	go test ./internal/goker -v -run 'TestGoroot/cockroach10214$'   # one kernel
//	go test ./internal/goker -v -run TestGoKer -gobench DIR
//	go test ./internal/goker -v -run TestGoat -goat DIR
//
// It prints a table of what was found, and with -v each diagnostic. A passing test
// prints nothing without -v. The folders are absolute.
//
// None of these programs is part of this module. They are:
//
//   - Goroot: src/runtime/testdata/testgoroutineleakprofile of the Go
//     installation that runs the test. 63 kernels, which are programs that real
//     bugs were cut down to, 6 common patterns and 13 simple leaks.
//   - GoKer: the 103 kernels of GoBench, 68 blocking and 35 nonblocking ones, in
//     gobench/goker of a checkout of https://github.com/timmyyuan/gobench. Each
//     is a test in a package of its own. Goroot's kernels were made of some of
//     these.
//   - Goat: the same 68 blocking kernels as package main, and 27 of them fixed,
//     in examples/src/gobench/goker of a checkout of
//     https://github.com/cs-au-dk/goat. Its authors marked the operations that
//     block with comments "//@ blocks". TestGoatWithoutDriver takes the function
//     main and the tests away, so that the analyzers see what a library is to
//     them.
//
// # Found, missed, wrong
//
// The truth is in testdata, a file of entries per collection (see [Entry]), made
// by reading the programs and by running most of them. An entry is found if a
// diagnostic, of whichever analyzer, stands on one of its lines; only the
// diagnostic's own position counts, not its related ones. Otherwise it is
// missed. A diagnostic is wrong if it stands on no line of any entry of its
// file. In a fixed kernel of Goat, each diagnostic is wrong.
//
// Lines are good for one version of a file only. An entry carries a sum of its
// file, and entries whose file is another are set aside and named.
//
// # Context
//
// TestTogether analyses the kernels of Goroot as the one package that they make,
// and TestRenamed replaces the names in the programs of Goroot by meaningless ones,
// and moves the common patterns and simple leaks into packages of their own. In
// both, the diagnostics must stay the same.
package goker
