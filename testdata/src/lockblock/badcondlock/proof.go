//go:build proof

package badcondlock

import "sync"

// claim: deadlock Progress
func driveProgress() {
	p := NewProgress()
	p.Wait(0)
	p.Finish()
}

// claim: deadlock Gauge
func driveGauge() {
	g := NewGauge(new(sync.Mutex))
	g.Inc()
	g.Value()
}
