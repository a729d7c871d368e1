// Package badturning holds locks that a goroutine keeps while it turns in a loop, until
// somebody tells it who needs the lock first.
package badturning

import (
	"sync"
	"time"
)

// A Keeper keeps its lock while it serves.
type Keeper struct {
	mu   sync.Mutex
	stop chan struct{}
	last time.Time
}

func NewKeeper() *Keeper {
	k := &Keeper{stop: make(chan struct{})}
	go k.serve()
	return k
}

func (k *Keeper) serve() {
	k.mu.Lock()
	defer k.mu.Unlock()
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case k.last = <-t.C:
		case <-k.stop:
			return
		}
	}
}

func (k *Keeper) Close() {
	k.mu.Lock() // want `k.mu.Lock blocks forever: the goroutine started at line 19 stays in its loop until k.stop is closed, which comes only after this`
	defer k.mu.Unlock()
	close(k.stop)
}
