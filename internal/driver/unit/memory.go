package unit

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The go command runs several of these processes at a time, each for one package and
// most of them short. So garbage is not collected while a process is small, and
// then as often as it takes to keep the heap near a limit, which grows with what is
// alive: the models and runs of a package are mostly garbage soon.
const (
	softLimit = 100 << 20 // bytes
	headroom  = 60 << 20  // bytes above what is alive, at least
)

// limitMemory sets how eagerly garbage is collected, unless the environment does.
func limitMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(softLimit)
	afterGC(raiseLimit)
}

// afterGC calls f after each collection.
func afterGC(f func()) {
	type sentinel struct{ _ [16]byte }
	runtime.SetFinalizer(new(sentinel), func(*sentinel) {
		f()
		afterGC(f)
	})
}

// raiseLimit gives a heap that is mostly alive more room: near the limit the collector
// would run all the time.
func raiseLimit() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	live := int64(sample[0].Value.Uint64())
	if room := live + max(live-headroom, headroom); room > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(room)
	}
}
