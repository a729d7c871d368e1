//go:build proof

package goodturns

import (
	"context"
	"sync/atomic"
	"time"
)

// claim: none
func drive() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 100 {
		var done atomic.Int32
		task := func() {
			time.Sleep(10 * time.Microsecond)
			done.Add(1)
		}
		var calls int
		next := func() (int, bool) { calls++; return calls, calls <= 2 }
		Each(next, func(int) { task() })
		calls = 0
		EachGo(next, func(int) { task() })
		Pass(task)
		Shut(task)
		get := func(context.Context) int { task(); return 1 }
		First(ctx, get)
		FirstOfOwn(get)
		calls = 0
		Drain(context.Background(), func(context.Context) (int, bool) { task(); return next() })
		if n := done.Load(); n != 11 {
			panic("Wait returned early")
		}
	}
}
