// Package cancelstop defines an Analyzer that finds cancellations that stop
// nobody.
//
// # Analyzer cancelstop
//
// cancelstop: report loops that cancellation does not end, and contexts that nobody gets
package cancelstop
