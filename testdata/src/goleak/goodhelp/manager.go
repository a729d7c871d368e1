// Package goodhelp holds a test whose sends nobody leaves alone: only its own deferred Stop
// ends the goroutine that receives.
package goodhelp

import "context"

type manager struct {
	ctx    context.Context
	cancel func()
	more   chan struct{}
	n      int
}

// newManager gives a function that holds the manager to a registry elsewhere.
func newManager(register func(func() int)) *manager {
	ctx, cancel := context.WithCancel(context.Background())
	m := &manager{ctx: ctx, cancel: cancel, more: make(chan struct{}, 1)}
	register(func() int { return m.n })
	return m
}

func (m *manager) run(updates <-chan int) {
	for {
		select {
		case <-m.ctx.Done():
			return
		case <-updates:
		case <-m.more:
		}
	}
}

func (m *manager) Stop() { m.cancel() }
