// Package badnil holds operations on channels that are nil on every path.
package badnil

import (
	"context"
	"errors"
	"time"
)

// An Event is something that has happened.
type Event struct {
	Name string
	At   time.Time
}

// A Queue hands events to its reader.
type Queue struct {
	events chan Event
	limit  int
}

// newQueue forgets to make the channel.
func newQueue(limit int) *Queue {
	return &Queue{limit: limit}
}

func (q *Queue) put(e Event) {
	q.events <- e // want "send on q.events blocks forever"
}

func (q *Queue) take() Event {
	return <-q.events // want "receive from q.events blocks forever"
}

// Relay is bad: the queue's channel was never made.
func Relay(names []string, now func() time.Time) (last Event) {
	q := newQueue(len(names))
	go func() {
		for _, n := range names {
			q.put(Event{n, now()})
		}
	}()
	for range names {
		last = q.take()
	}
	return last
}

// Collect is bad: the declared channel is assigned in the wrong scope.
func Collect(parts []func() int) (sum int) {
	var results chan int
	if len(parts) > 0 {
		results := make(chan int, len(parts))
		_ = results
	}
	for _, part := range parts {
		go func() {
			results <- part()
		}()
	}
	for range parts {
		sum += <-results // want "receive from results blocks forever"
	}
	return sum
}

// Await is bad: context.Background is never done; its channel is nil.
func Await(stop func()) {
	ctx := context.Background()
	go func() {
		<-ctx.Done() // want "receive from ctx.* blocks forever"
		stop()
	}()
}

// AwaitDetached is bad: a context without cancel is not done when its parent is.
func AwaitDetached(parent context.Context, key, val any, cleanup func()) {
	ctx := context.WithValue(context.WithoutCancel(parent), key, val)
	go func() {
		<-ctx.Done() // want "receive from ctx.* blocks forever"
		cleanup()
	}()
}

// A Session delivers events while it is open.
type Session struct {
	events  chan Event
	deliver func(Event)
}

func (s *Session) loop() {
	for e := range s.events { // want "range over s.events blocks forever"
		s.deliver(e)
	}
}

func (s *Session) stop() {
	close(s.events)
	s.events = nil
}

// Restart is bad: stop has set the channel to nil, and nobody makes it again.
func Restart(deliver func(Event)) *Session {
	s := &Session{events: make(chan Event), deliver: deliver}
	s.stop()
	go s.loop()
	return &Session{deliver: deliver}
}

// A Watcher has a timer only while something is watched.
type Watcher struct {
	timer  *time.Timer
	wake   chan struct{}
	closed chan struct{}
}

// ErrIdle is returned when nothing is watched.
var ErrIdle = errors.New("nothing is watched")

// Idle is bad, though nothing is reported here: both cases of the select are on channels that nobody made.
func Idle(check func() bool) error {
	var w Watcher
	ended := make(chan error, 1)
	go func() {
		for check() {
			select {
			case <-w.wake:
			case <-w.closed:
				ended <- nil
				return
			}
		}
		ended <- ErrIdle
	}()
	return nil
}

// Merge is bad: the second input is switched off in place of the first, and the loop goes on with
// two nil channels.
func Merge(a, b []int, each func(int)) {
	left, right := numbers(a), numbers(b)
	open := 2
	for open > 0 {
		select { // want "select blocks forever"
		case v, ok := <-left:
			if !ok {
				left, right = nil, nil
				open--
				continue
			}
			each(v)
		case v, ok := <-right:
			if !ok {
				right = nil
				open--
				continue
			}
			each(v)
		}
	}
}

func numbers(vals []int) <-chan int {
	out := make(chan int, len(vals))
	for _, v := range vals {
		out <- v
	}
	close(out)
	return out
}
