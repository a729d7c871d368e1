//go:build proof

package badturning

import "time"

// Each of these takes ten seconds, after which it counts as stuck: so not all are driven.

func nothing() {}

// claim: deadlock Flusher.Close
func driveFlusher() { NewFlusher(time.Millisecond, nothing).Close() }

// claim: deadlock WatchErr
func driveWatchErr() { WatchErr(nothing, nothing) }
