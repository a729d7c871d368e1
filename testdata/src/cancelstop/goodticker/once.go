package goodticker

import "time"

// An idle closes something when nobody has used it for a while.
type idle struct {
	timer *time.Timer
	fired chan struct{}
	done  chan struct{}
	close func()
}

// watch is good: it waits for the end as well.
func (i *idle) watch() {
	select {
	case <-i.timer.C:
		i.close()
	case <-i.done:
	}
}

func (i *idle) stop() {
	i.timer.Stop()
	close(i.done)
}

// Watch starts it.
func Watch(d time.Duration, f func()) (stop func()) {
	i := &idle{timer: time.NewTimer(d), done: make(chan struct{}), close: f}
	go i.watch()
	return i.stop
}

type once struct {
	timer *time.Timer
	fired chan struct{}
}

func (o *once) wait() {
	<-o.timer.C
	close(o.fired)
}

// end is good: it stops a timer that has fired.
func (o *once) end() {
	<-o.fired
	o.timer.Stop()
}

// Once starts it.
func Once(d time.Duration) (end func()) {
	o := &once{timer: time.NewTimer(d), fired: make(chan struct{})}
	go o.wait()
	return o.end
}

type renewed struct{ timer *time.Timer }

func (r *renewed) wait(f func()) {
	<-r.timer.C
	f()
}

// touch is good: the timer goes on.
func (r *renewed) touch(d time.Duration) {
	r.timer.Stop()
	r.timer.Reset(d)
}

// Renewed starts it.
func Renewed(d time.Duration, f func()) (touch func(time.Duration)) {
	r := &renewed{time.NewTimer(d)}
	go r.wait(f)
	return r.touch
}

type called struct{ timer *time.Timer }

// sleep is good: whoever calls it stops the timer afterwards.
func (c *called) sleep() { <-c.timer.C }

func (c *called) free() { c.timer.Stop() }

// Called calls both, in turn.
func Called(d time.Duration) {
	c := &called{time.NewTimer(d)}
	c.sleep()
	c.free()
}

type asked struct {
	timer *time.Timer
	done  chan struct{}
}

func (a *asked) wait() {
	<-a.timer.C
	close(a.done)
}

// end is good as far as it goes: where it stops the timer, it has somebody else
// look after the goroutine.
func (a *asked) end(adopt func(*asked)) {
	if a.timer.Stop() {
		adopt(a)
	}
}

// Asked starts it.
func Asked(d time.Duration) (end func(func(*asked))) {
	a := &asked{time.NewTimer(d), make(chan struct{})}
	go a.wait()
	return a.end
}
