// Package reporttest holds tests of the command's reports that need what the
// command itself should not depend on: the official schema of SARIF and a
// validator for it, and a browser.
//
// It is a module of its own, so that whoever uses concurlint as a library does
// not see those dependencies. The tests build the command and run it.
//
// The schema is an OASIS document whose licence does not clearly allow to copy
// it (oasis-tcs/sarif-spec, issue 583), so it is not in this repository: it is
// read from the module github.com/owenrumney/go-sarif, which contains it.
package reporttest
