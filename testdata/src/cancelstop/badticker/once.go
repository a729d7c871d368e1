package badticker

import "time"

// An Idle closes something when nobody has used it for a while.
type Idle struct {
	timer *time.Timer
	close func()
}

// NewIdle starts to watch.
func NewIdle(d time.Duration, f func()) *Idle {
	i := &Idle{timer: time.NewTimer(d), close: f}
	go i.watch()
	return i
}

func (i *Idle) watch() {
	<-i.timer.C // want "receive from i.timer.C blocks forever after i.timer.Stop at line 24, which does not close the channel"
	i.close()
}

// Stop leaves the goroutine where it is.
func (i *Idle) Stop() { i.timer.Stop() }

type grace struct{ t *time.Timer }

// Grace is bad: the literal waits for what end stops.
func Grace(d time.Duration, kill func()) (end func()) {
	g := &grace{time.NewTimer(d)}
	go func() {
		<-g.t.C // want "receive from g.t.C blocks forever after g.t.Stop at line"
		kill()
	}()
	return g.end
}

func (g *grace) end() { g.t.Stop() }
