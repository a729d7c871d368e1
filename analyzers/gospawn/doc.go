// Package gospawn defines an Analyzer that finds goroutines started for each
// element of an input that the program does not bound.
//
// # Analyzer gospawn
//
// gospawn: report a goroutine per element of unbounded input with no limit
package gospawn
