//go:build proof

package badboth

import (
	"runtime"
	"sync"
)

// claim: deadlock Target.Name
func driveName() {
	t := &Target{}
	for {
		var wg sync.WaitGroup
		for range 4 * runtime.GOMAXPROCS(0) {
			wg.Go(func() { t.Name() })
			wg.Go(func() { t.Set(nil) })
		}
		wg.Wait()
	}
}
