// Package badunanswered waits for what nobody tells.
package badunanswered

import "context"

// A Loop works until it is stopped.
type Loop struct {
	open    bool
	cancel  context.CancelFunc
	work    func(context.Context) error
	stopped chan struct{}
}

// NewLoop has to be opened and run.
func NewLoop(work func(context.Context) error) *Loop {
	return &Loop{work: work, stopped: make(chan struct{})}
}

// Open says that it may run.
func (l *Loop) Open() { l.open = true }

// Run is bad: it does not close stopped.
func (l *Loop) Run(ctx context.Context) {
	if !l.open {
		return
	}
	ctx, l.cancel = context.WithCancel(ctx)
	go func() {
		for ctx.Err() == nil {
			if err := l.work(ctx); err != nil {
				return
			}
		}
	}()
}

// Stop blocks forever.
func (l *Loop) Stop() {
	if l.cancel == nil {
		return
	}
	l.cancel()
	<-l.stopped // want "receive from l.stopped blocks forever: nothing in the package sends on it or closes it"
}

var changes = make(chan string)

// Watch is bad: there are no changes.
func Watch(see func(string)) {
	for c := range changes { // want "receive from or range over changes blocks forever: nothing in the package sends on it or closes it"
		see(c)
	}
}
