// Package chanclose defines an Analyzer that finds channels that are ranged
// over but never closed, or closed at the wrong time.
//
// # Analyzer chanclose
//
// chanclose: report a channel that is ranged over but not closed when its senders are done
package chanclose
